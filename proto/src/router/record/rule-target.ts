import type { RoutingRule } from '../rules.ts';

/** Whom a rule asks, for people: a model, a tier, an agent, or what it keeps to. */
export function ruleTarget({ then }: Pick<RoutingRule, 'then'>): string {
  if (then.model !== undefined) return then.model;
  if (then.tier !== undefined) return `tier/${then.tier}`;
  if (then.agent !== undefined) return `agent/${then.agent}`;
  return then.only === undefined ? 'the agent of the domain' : `${then.only} models only`;
}
