import { rulesChanged } from '@mosaic/proto';
import type { Bus, Logger, SignedCaller, Stoppable } from '@mosaic/service-kit';
import { defaultRules, defaultTiers } from '../../app/default-rules.ts';
import { lintRules } from '../../app/lint/lint-rules.ts';
import { builtInRules, type Policy, type SystemRules } from '../../app/rules/policy.ts';
import type { RuleStore } from '../../stores/rule-store.ts';
import { inTurn, lookRegularly } from './look-regularly.ts';
import { type InForce, keepOwnRules, type OwnRules } from './own-rules.ts';

/** A replica that missed the news finds out within this time, by one indexed read. */
const lookEveryMs = 1_000;

export interface RuleBook extends Stoppable {
  /** Everything that decides for a person; at once, except for their first question. */
  policyFor(caller: Pick<SignedCaller, 'userId'>): Policy | Promise<Policy>;
  /** Reads what was saved since. Throws when the database is away. */
  look(): Promise<void>;
  /** Drops what is remembered of a person. */
  forget(userId: string): void;
  /** Whether the database was asked at least once, with or without success. */
  readonly hasLooked: boolean;
  /** Whether the rules of the database were ever read. */
  readonly isOpen: boolean;
  /** Why the rules in force are not those of the database; undefined when they are. */
  readonly trouble: string | undefined;
}

export interface RuleBookParts {
  readonly bus: Bus;
  readonly log: Logger;
  readonly store: RuleStore;
  migrate(): Promise<void>;
}

/**
 * Keeps the rules in memory, so that a decision asks no database. Every save is told on the bus, and
 * the numbers of the saves are looked at every second. While the database is away the last known
 * rules go on, and before it was ever there the built-in ones.
 */
export function keepRuleBook({ bus, log, migrate, store }: RuleBookParts): RuleBook {
  const own = keepOwnRules(store, log);
  let inForce: InForce = { system: builtInRules, isAway: true };
  let hasLooked = false;

  const look = inTurn(async () => {
    try {
      const system = await readNews({ migrate, own, store }, inForce.system);
      if (inForce.isAway) log.info({ revision: system.revision }, 'the routing rules are read');
      if (system.rules !== inForce.system.rules) warnOfFaults(system, log);
      if (system !== inForce.system || inForce.isAway) inForce = { system, isAway: false };
    } catch (err) {
      if (!inForce.isAway || !hasLooked) {
        log.warn({ err }, 'PostgreSQL is away; routing goes on with the rules known last');
      }
      if (!inForce.isAway) inForce = { ...inForce, isAway: true };
      throw err;
    } finally {
      hasLooked = true;
    }
  });
  const listening = bus.subscribe(rulesChanged, ({ revision }) => {
    if (revision > (inForce.system.revision ?? -1)) look().catch(() => undefined);
  });
  const looking = lookRegularly(look, lookEveryMs);

  return {
    look,
    policyFor: ({ userId }) => own.policyFor(userId, () => inForce),
    forget: own.forget,
    get hasLooked() {
      return hasLooked;
    },
    get isOpen() {
      return inForce.system.revision !== null;
    },
    get trouble() {
      if (!inForce.isAway) return undefined;
      const rules = inForce.system.revision === null ? 'built-in' : 'last known';
      return `PostgreSQL is away, the ${rules} rules are in force`;
    },
    async stop() {
      await Promise.all([looking.stop(), listening.stop()]);
    },
  };
}

/** What can be told without models and agents, which may not be known yet. */
function warnOfFaults({ rules, tiers }: SystemRules, log: Logger): void {
  for (const { rule, sentence } of lintRules(rules, { tiers, agents: undefined, cards: [] })) {
    log.warn({ rule }, sentence);
  }
}

type Reading = Pick<RuleBookParts, 'migrate' | 'store'> & { readonly own: OwnRules };

/** The rules as they are now; the very same object when nothing was saved since. */
async function readNews(reading: Reading, system: SystemRules): Promise<SystemRules> {
  const { own, store } = reading;
  if (system.revision === null) return await readFirst(reading);
  const changes = await store.changedSince(system.revision);
  const last = changes.at(-1);
  if (last === undefined) return system;
  const owners = changes.map(({ owner }) => owner);
  await own.renew(owners);
  const read = owners.includes('') ? await store.readSystem() : system;
  return { ...read, revision: last.revision };
}

async function readFirst({ migrate, store }: Reading): Promise<SystemRules> {
  await migrate();
  await store.giveDefaults({ rules: defaultRules, tiers: defaultTiers });
  // The number first: what is saved in between is read again, and not missed.
  const revision = await store.readRevision();
  return { ...(await store.readSystem()), revision };
}
