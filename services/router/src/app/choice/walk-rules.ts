import type { ConsideredRule, RecordedRule } from '@mosaic/proto';
import { firstFailure } from '../rules/explain-failure.ts';
import type { RuleFacts } from '../rules/facts.ts';
import type { NameBook } from './expand-name.ts';
import { withAgent } from './facts-of.ts';

const maxFailureChars = 300;

/** A rule as far as it decides: one of the policy, or one that an old record kept. */
export type WalkedRule = RecordedRule;

/** What the rules say about a message. */
export interface Walk {
  /** The facts as they stand at the end: a rule may have chosen another agent. */
  readonly facts: RuleFacts;
  /** Every rule that was looked at, in order; data rules first. */
  readonly considered: ConsideredRule[];
  /** Those rules themselves. */
  readonly looked: readonly WalkedRule[];
  /** The rule that chose the agent, if one did. */
  readonly byAgent: WalkedRule | undefined;
  /** The rule that names the models, if one applies. */
  readonly byModel: WalkedRule | undefined;
  /** Data rules that apply: only local models may answer. */
  readonly localOnlyBy: readonly string[];
}

/**
 * Asks rules in order until one names models. One that chooses an agent without a model of its own
 * changes the fact `agent` and lets those below go on; there is no way back up, so it always ends.
 * Data rules are asked all, wherever they stand, by the facts that came out of it.
 */
export function walkRules(rules: readonly WalkedRule[], facts: RuleFacts, book: NameBook): Walk {
  const dataRules = rules.filter(({ then }) => then.only !== undefined);
  const naming =
    dataRules.length === 0 ? rules : rules.filter(({ then }) => then.only === undefined);
  const walk = walkNaming(naming, facts, book);
  if (dataRules.length === 0) return walk;
  const judged = dataRules.map((rule) => judgeRule(rule, walk.facts, undefined));
  const localOnlyBy = judged.filter(({ failed }) => failed === null).map(({ rule }) => rule);
  return {
    ...walk,
    considered: [...judged, ...walk.considered],
    looked: [...dataRules, ...walk.looked],
    localOnlyBy,
  };
}

function walkNaming(rules: readonly WalkedRule[], facts: RuleFacts, book: NameBook): Walk {
  const considered: ConsideredRule[] = [];
  let byAgent: WalkedRule | undefined;
  let byModel: WalkedRule | undefined;
  let now = facts;
  for (const rule of rules) {
    const called = callAgent(rule, now, book);
    const judged = judgeRule(rule, now, byAgent);
    const failed = judged.failed ?? called.problem;
    considered.push({ ...judged, failed });
    if (failed !== null) continue;
    const { agent, fallbacks } = called.rule.then;
    if (agent !== undefined) {
      byAgent = called.rule;
      now = withAgent(now, agent, book);
    }
    const preferred = book.agents?.find((one) => one.name === agent)?.model ?? null;
    if (agent !== undefined && preferred === null && fallbacks.length === 0) continue;
    byModel = called.rule;
    break;
  }
  const looked = rules.slice(0, considered.length);
  return { facts: now, considered, looked, byAgent, byModel, localOnlyBy: [] };
}

/** Whether a rule says which agent answers, by name or by what it is good at. */
export function choosesAgent({ then }: Pick<WalkedRule, 'then'>): boolean {
  return then.agent !== undefined || then.agentFor !== undefined;
}

/** A rule that asks who is good at the message's domain, with that agent's name; or why there is none. */
function callAgent(
  rule: WalkedRule,
  { agent, agentDomains, domain }: RuleFacts,
  { agents = [] }: NameBook,
): { readonly rule: WalkedRule; readonly problem: string | null } {
  if (rule.then.agentFor === undefined) return { rule, problem: null };
  const wanted = String(domain);
  if (Array.isArray(agentDomains) && agentDomains.includes(wanted)) {
    return { rule, problem: `the agent ${String(agent)} has the domain ${wanted} already` };
  }
  const able = agents.find(({ domains = [] }) => domains.includes(wanted));
  if (able === undefined) return { rule, problem: `no agent has the domain ${wanted}` };
  const { agentFor: _asked, ...then } = rule.then;
  return { rule: { ...rule, then: { ...then, agent: able.name } }, problem: null };
}

function judgeRule(
  rule: WalkedRule,
  facts: RuleFacts,
  byAgent: WalkedRule | undefined,
): ConsideredRule {
  const { name, scope } = rule;
  if (!rule.enabled) return { rule: name, scope, failed: 'the rule is switched off' };
  if (byAgent !== undefined && choosesAgent(rule)) {
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

/** The rule without what did not decide: of one that failed, all conditions but the one that did. */
export function witnessOf(rule: WalkedRule, { condition, failed }: ConsideredRule): WalkedRule {
  const { enabled, name, scope, then, when } = rule;
  if (failed === null) return { name, scope, enabled, when: [...when], then };
  const { agent, agentFor, only } = then;
  const target = {
    ...(agent === undefined ? {} : { agent }),
    ...(agentFor === undefined ? {} : { agentFor }),
    ...(only === undefined ? {} : { only }),
    fallbacks: [],
  };
  const because = condition === undefined ? [...when] : [condition];
  return { name, scope, enabled, when: because, then: target };
}
