import type { ConsideredRule, RoutingRule } from '@mosaic/proto';
import { firstFailure } from '../rules/explain-failure.ts';
import type { RuleFacts } from '../rules/facts.ts';
import type { NameBook } from './expand-name.ts';

const maxFailureChars = 300;

/** What the rules say about a message. */
export interface Walk {
  /** The facts as they stand at the end: a rule may have chosen another agent. */
  readonly facts: RuleFacts;
  /** Every rule that was looked at, in order. */
  readonly considered: ConsideredRule[];
  /** The rule that chose the agent, if one did. */
  readonly byAgent: RoutingRule | undefined;
  /** The rule that names the models, if one applies. */
  readonly byModel: RoutingRule | undefined;
}

/**
 * Asks rules in order until one names models. One that chooses an agent without a model of its own
 * changes the fact `agent` and lets those below go on; there is no way back up, so it always ends.
 */
export function walkRules(rules: readonly RoutingRule[], facts: RuleFacts, book: NameBook): Walk {
  const considered: ConsideredRule[] = [];
  let byAgent: RoutingRule | undefined;
  let now = facts;
  for (const rule of rules) {
    const failed = failureOf(rule, now, byAgent);
    considered.push(failed);
    if (failed.failed !== null) continue;
    const { agent, fallbacks } = rule.then;
    if (agent === undefined) return { facts: now, considered, byAgent, byModel: rule };
    byAgent = rule;
    now = { ...now, agent };
    const preferred = book.agents?.find((one) => one.name === agent)?.model ?? null;
    if (preferred !== null || fallbacks.length > 0) {
      return { facts: now, considered, byAgent, byModel: rule };
    }
  }
  return { facts: now, considered, byAgent, byModel: undefined };
}

function failureOf(
  rule: RoutingRule,
  facts: RuleFacts,
  byAgent: RoutingRule | undefined,
): ConsideredRule {
  const { name, scope } = rule;
  if (!rule.enabled) return { rule: name, scope, failed: 'the rule is switched off' };
  if (byAgent !== undefined && rule.then.agent !== undefined) {
    return { rule: name, scope, failed: `"${byAgent.name}" has chosen the agent already` };
  }
  const failure = firstFailure(rule.when, facts);
  if (failure === null) return { rule: name, scope, failed: null };
  const { actual, condition, sentence } = failure;
  const isText = 'field' in condition && condition.field === 'text';
  const isShort = sentence.length <= maxFailureChars;
  return {
    rule: name,
    scope,
    // Each answer is stored with its record: a long list of words or a whole message is not repeated.
    failed: isShort ? sentence : `${sentence.slice(0, maxFailureChars - 1)}…`,
    ...(isShort ? { condition } : {}),
    ...(actual === undefined || isText ? {} : { actual }),
  };
}
