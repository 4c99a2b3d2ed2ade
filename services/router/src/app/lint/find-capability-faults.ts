import { nearestName, type RoutingRule, type RuleCondition, type RuleFinding } from '@mosaic/proto';
import type { AgentPreference, NameBook } from '../choice/expand-name.ts';
import { conditionsIn } from '../rules/explain-failure.ts';

/**
 * Conditions on what agents are good at that none of them fulfils. They are warnings: whoever is good
 * at it may be made tomorrow, and others may have agents that this person does not see.
 */
export function findCapabilityFaults(
  rule: RoutingRule,
  { agents }: NameBook,
): readonly RuleFinding[] {
  if (agents === undefined) return [];
  const warn = (sentence: string): RuleFinding => {
    return { level: 'warning', code: 'unknown-capability', rule: rule.name, sentence };
  };
  const ofConditions = rule.when
    .flatMap(conditionsIn)
    .flatMap((condition) => missing(condition, agents) ?? [])
    .map((what) => warn(`"${rule.name}" asks for ${what}`));
  const hasDomains = agents.some(({ domains = [] }) => domains.length > 0);
  if (rule.then.agentFor === undefined || hasDomains) return ofConditions;
  const sentence = `"${rule.name}" asks who is good at a domain, and no agent says so of itself.`;
  return [...ofConditions, warn(sentence)];
}

function missing(
  { field, value }: RuleCondition,
  agents: readonly AgentPreference[],
): string | undefined {
  if (field !== 'agentDomains' && field !== 'agentToolSets') return undefined;
  const isDomain = field === 'agentDomains';
  const known = agents.flatMap(({ domains, toolSets }) => (isDomain ? domains : toolSets) ?? []);
  const name = String(value);
  if (known.includes(name)) return undefined;
  const near = nearestName(name, [...new Set(known)]);
  const hint = near === undefined ? '' : ` Did you mean "${near}"?`;
  return `an agent with the ${isDomain ? 'domain' : 'tool set'} "${name}", which none has.${hint}`;
}
