import { callEnded, knownUsdOf, limitsChanged, readLimits } from '@mosaic/proto';
import type { Bus, Clock, Logger, SignedCaller, Stoppable } from '@mosaic/service-kit';
import { recentMap } from '../app/rules/recent-map.ts';

/** Between two askings what is heard of the person's calls is taken off. */
const askedAgainMs = 15_000;
/** A person's first question waits no longer; it goes on as if nobody kept a budget. */
const askLimitMs = 300;
const keptPeople = 10_000;

export interface BudgetWatch extends Stoppable {
  /** US dollars that a person may still spend today; undefined without a budget, or when nobody says. */
  leftUsd(caller: SignedCaller): number | undefined | Promise<number | undefined>;
}

interface Told {
  leftUsd: number | undefined;
  askedAtMs: number;
}

/** Keeps what is left of people's budgets at hand: only a person's first question waits for it. */
export function watchBudgets(parts: { bus: Bus; clock: Clock; log: Logger }): BudgetWatch {
  const { bus, clock, log } = parts;
  const people = recentMap<Told>(keptPeople);
  const ask = async (told: Told, caller: SignedCaller) => {
    told.askedAtMs = clock.now();
    try {
      const { limits, today } = await bus.call(readLimits, {}, { caller, timeoutMs: askLimitMs });
      const { budgetUsdPerDay: budgetUsd } = limits;
      // What is set aside for answers under way is many times what they cost; that is for providers.
      told.leftUsd = budgetUsd === null ? undefined : Math.max(0, budgetUsd - today.spentUsd);
    } catch (err) {
      log.debug({ err }, 'the budget could not be asked for; what was told last stays');
    }
  };
  const listening = [
    bus.subscribe(callEnded, (call, { tokens }) => {
      const told = people.peek(tokens['userId'] ?? '');
      if (told?.leftUsd === undefined) return;
      told.leftUsd = Math.max(0, told.leftUsd - knownUsdOf(call));
    }),
    bus.subscribe(limitsChanged, ({ userId }) => people.delete(userId)),
  ];
  return {
    leftUsd(caller) {
      const told = people.get(caller.userId);
      if (told === undefined) {
        const fresh: Told = { leftUsd: undefined, askedAtMs: 0 };
        people.set(caller.userId, fresh);
        return ask(fresh, caller).then(() => fresh.leftUsd);
      }
      if (clock.now() - told.askedAtMs > askedAgainMs) void ask(told, caller);
      return told.leftUsd;
    },
    async stop() {
      await Promise.all(listening.map((one) => one.stop()));
    },
  };
}
