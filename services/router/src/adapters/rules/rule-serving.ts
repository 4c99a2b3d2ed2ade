import { MosaicError, type RoutingRule, rulesChanged } from '@mosaic/proto';
import type { Bus, SignedCaller } from '@mosaic/service-kit';
import type { LintWorld } from '../../app/lint/lint-rules.ts';
import type { Policy } from '../../app/rules/policy.ts';
import type { RuleStore } from '../../stores/rule-store.ts';
import type { AgentWatch } from '../agent-watch.ts';
import type { CatalogueWatch } from '../catalogue-watch.ts';
import type { Rules } from './open-rules.ts';

/** What it takes to answer those who read and change rules. */
export interface RuleServing {
  readonly bus: Bus;
  readonly rules: Rules;
  readonly catalogue: Pick<CatalogueWatch, 'cardsFor'>;
  readonly agents: AgentWatch;
}

/** Throws service_unavailable while nothing can be saved. */
export function openStore({ book, store }: Rules): RuleStore {
  if (store !== undefined && book.isOpen) return store;
  const why = store === undefined ? 'router has no DATABASE_URL' : 'PostgreSQL is away';
  throw new MosaicError('service_unavailable', `Rules can't be kept now: ${why}.`);
}

export async function lintWorld(
  { agents, catalogue }: RuleServing,
  { tiers }: Policy,
  caller: SignedCaller,
): Promise<LintWorld> {
  const [known, cards] = await Promise.all([agents.agentsOf(caller), catalogue.cardsFor(caller)]);
  return { tiers, agents: known, cards };
}

/** The policy with everything that was saved until now, through whichever router. */
export async function newestPolicy(
  { rules: { book } }: Pick<RuleServing, 'rules'>,
  caller: SignedCaller,
): Promise<Policy> {
  if (book.trouble === undefined) await book.look().catch(() => undefined);
  return await book.policyFor(caller);
}

/** After a save: this router knows it when its answer goes out, the others when they hear of it. */
export async function tellOfChange({ bus, rules: { book, store } }: RuleServing): Promise<void> {
  if (store === undefined) return;
  // The save has happened; that it can't be read again now is for the next look to mend.
  await book.look().catch(() => undefined);
  const revision = await store.readRevision().catch(() => undefined);
  if (revision !== undefined) bus.publishLive(rulesChanged, { revision }, { tokens: {} });
}

/** The rules in `inForce` that none of `added` takes the place of. */
export function besides<Rule extends RoutingRule>(
  inForce: readonly Rule[],
  added: readonly Pick<RoutingRule, 'name' | 'scope'>[],
): readonly Rule[] {
  const keys = new Set(added.map(({ name, scope }) => `${scope} ${name}`));
  return inForce.filter(({ name, scope }) => !keys.has(`${scope} ${name}`));
}
