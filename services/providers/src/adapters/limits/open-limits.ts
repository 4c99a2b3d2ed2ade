import type { CompletionPart, Limits as LimitValues, StartedCall } from '@mosaic/proto';
import { type Bus, type Logger, openRateLimiter } from '@mosaic/service-kit';
import type { Reservations } from '../../app/limits/budget-port.ts';
import { type KeyAllowance, makeKeyAllowance } from '../../app/limits/key-allowance.ts';
import { limitMinute } from '../../app/limits/limit-minute.ts';
import { type Guard, spendWithin } from '../../app/limits/spend-within.ts';
import type { CompletionRequest } from '../../app/vendor/vendor-port.ts';
import type { ProvidersConfig } from '../../settings.ts';
import { openLimitStore } from '../../stores/limit-store.ts';
import type { ProvidersDatabase } from '../../stores/providers-database.ts';
import { realTimers } from '../real-timers.ts';
import { keepKnownLimits } from './known-limits.ts';
import { makeReservations } from './reservations.ts';
import { serveLimits, serveNoLimits } from './serve-limits.ts';

export interface LimitsParts {
  readonly bus: Bus;
  readonly log: Logger;
  readonly config: ProvidersConfig;
  /** Undefined: there is none, so nobody can be held to a budget. */
  readonly database: ProvidersDatabase | undefined;
  readonly onStop: (stop: () => Promise<void>) => void;
}

type Parts = AsyncIterable<CompletionPart>;

/** Holds calls to what their callers may use. */
export interface Limits {
  /** Requests and tokens per minute; asks only when the minute has room. */
  withinMinute(call: { userId: string; request: CompletionRequest }, ask: () => Parts): Parts;
  /** The budget of the day; `ask` gets what makes a candidate ask for its money first. */
  withinBudget(call: { userId: string; started: StartedCall }, ask: (guard: Guard) => Parts): Parts;
  /** Which vendors' keys have room in their minute. */
  readonly keyAllowance: KeyAllowance;
}

/** Opens the limits, and answers who asks about them or changes them. */
export function openLimits(parts: LimitsParts): Limits {
  const { config, log, onStop } = parts;
  const limiter = openRateLimiter({ redisUrl: config.redisUrl, log });
  onStop(() => limiter.close());
  if (config.redisUrl === undefined) {
    log.info('rate limits are counted per process: providers has no REDIS_URL');
  }
  const { limitsOf, reservations } = openPeopleLimits(parts);
  return {
    keyAllowance: makeKeyAllowance(limiter, {
      requestsPerMinute: config.keyRequests ?? null,
      tokensPerMinute: config.keyTokens ?? null,
    }),
    withinMinute: ({ request, userId }, ask) =>
      limitMinute(request, ask, { userId, limits: limitsOf(userId), limiter }),
    withinBudget({ started, userId }, ask) {
      const limitUsd = limitsOf(userId).budgetUsdPerDay;
      if (limitUsd === null || reservations === undefined) return ask((resolved) => resolved);
      const allowsUnknownPrices = config.unknownPrices === 'allow';
      const whose = { userId, call: started, limitUsd };
      return spendWithin(ask, { ...whose, allowsUnknownPrices, reservations, timers: realTimers });
    },
  };
}

interface PeopleLimits {
  limitsOf(userId: string): LimitValues;
  /** Undefined: nobody keeps account, so there is no budget to hold anybody to. */
  readonly reservations: Reservations | undefined;
}

function openPeopleLimits({ bus, config, database, log, onStop }: LimitsParts): PeopleLimits {
  const defaults: LimitValues = {
    budgetUsdPerDay: config.userBudgetUsd ?? null,
    requestsPerMinute: config.userRequests ?? null,
    tokensPerMinute: config.userTokens ?? null,
  };
  if (database === undefined) {
    if (defaults.budgetUsdPerDay !== null)
      log.warn('budgets are off: providers has no DATABASE_URL');
    serveNoLimits(bus);
    return { limitsOf: () => defaults, reservations: undefined };
  }
  const store = openLimitStore(database);
  const timers = realTimers;
  const known = keepKnownLimits({
    defaults,
    store,
    log,
    timers,
    migrate: () => database.migrate(),
  });
  const reservations = makeReservations({ store, timers, log, leaseMs: config.budgetLeaseMs });
  serveLimits(bus, { known, store, timers });
  known.start();
  onStop(async () => {
    reservations.stop();
    await known.stop();
  });
  return { limitsOf: known.of, reservations };
}
