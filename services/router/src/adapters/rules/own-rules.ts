import type { StoredRule } from '@mosaic/proto';
import type { Logger } from '@mosaic/service-kit';
import { makePolicy, type Policy, type SystemRules } from '../../app/rules/policy.ts';
import { recentMap } from '../../app/rules/recent-map.ts';
import type { RuleStore } from '../../stores/rule-store.ts';

/** People whose own rules are kept at hand. */
const keptPeople = 1_000;
/** The first question of a person waits no longer for their rules. */
const firstReadMs = 1_000;

/** What is in force for everybody. */
export interface InForce {
  readonly system: SystemRules;
  /** The database can't be read now. */
  readonly isAway: boolean;
}

export interface OwnRules {
  /** Everything that decides for a person; at once, except for their first question. */
  policyFor(userId: string, inForce: () => InForce): Policy | Promise<Policy>;
  /** Reads the rules of these people again, as far as they are kept. Throws when that fails. */
  renew(userIds: readonly string[]): Promise<void>;
  forget(userId: string): void;
}

/** One person's own rules. `turn` tells the newest read: an older one that ends later is dropped. */
interface Kept {
  rules: readonly StoredRule[] | undefined;
  turn: number;
  /** The first read, which all first questions wait for. */
  first: Promise<void> | undefined;
  policy: { readonly of: InForce; readonly value: Policy } | undefined;
}

/** Keeps the own rules of those who asked last in memory, joined with the system's. */
export function keepOwnRules(store: Pick<RuleStore, 'readOwn'>, log: Logger): OwnRules {
  const people = recentMap<Kept>(keptPeople);
  const read = async (userId: string, kept: Kept) => {
    kept.turn += 1;
    const { turn } = kept;
    const rules = await store.readOwn(userId);
    if (kept.turn !== turn) return;
    kept.rules = rules;
    kept.policy = undefined;
  };
  return {
    policyFor(userId, inForce) {
      const kept = people.get(userId) ?? newlyKept();
      if (people.peek(userId) === undefined) people.set(userId, kept);
      if (kept.rules !== undefined || inForce().isAway) return policyOf(kept, inForce());
      kept.first ??= read(userId, kept).finally(() => {
        kept.first = undefined;
      });
      return within(firstReadMs, kept.first).then(
        () => policyOf(kept, inForce()),
        (err: unknown) => {
          log.warn({ err }, "a person's own rules can't be read; the system's go on");
          return policyOf(kept, inForce());
        },
      );
    },
    forget: (userId) => people.delete(userId),
    async renew(userIds) {
      const present = userIds.flatMap((userId) => {
        const kept = people.peek(userId);
        return kept === undefined ? [] : [read(userId, kept)];
      });
      await Promise.all(present);
    },
  };
}

function newlyKept(): Kept {
  return { rules: undefined, turn: 0, first: undefined, policy: undefined };
}

function policyOf(kept: Kept, inForce: InForce): Policy {
  const { policy } = kept;
  if (policy?.of.system === inForce.system && policy.of.isAway === inForce.isAway) {
    return policy.value;
  }
  const value = makePolicy(inForce.system, kept.rules, inForce.isAway);
  kept.policy = { of: inForce, value };
  return value;
}

async function within(limitMs: number, work: Promise<void>): Promise<void> {
  let timer: NodeJS.Timeout | undefined;
  const late = new Promise<never>((_, reject) => {
    timer = setTimeout(() => reject(new Error(`no answer within ${limitMs} ms`)), limitMs);
  });
  try {
    await Promise.race([work, late]);
  } finally {
    clearTimeout(timer);
  }
}
