import type { Limits, OwnLimits } from '@mosaic/proto';
import type { Logger } from '@mosaic/service-kit';
import type { Timers } from '../../app/vendor/vendor-port.ts';
import type { LimitStore } from '../../stores/limit-store.ts';

/** News comes by the bus; this is for what it lost. */
const refreshEveryMs = 30_000;
const firstRetryMs = 500;

export interface KnownLimitsParts {
  /** What holds for everybody. */
  readonly defaults: Limits;
  readonly store: Pick<LimitStore, 'readAll'>;
  /** Makes the tables, where they are not there yet. */
  readonly migrate: () => Promise<void>;
  readonly log: Logger;
  readonly timers: Pick<Timers, 'after'>;
}

/**
 * Keeps what administrators decided for single people in memory, all of it: they are few, and looking
 * here costs a call nothing. While PostgreSQL is away the last that was read holds.
 */
export function keepKnownLimits(parts: KnownLimitsParts) {
  const { defaults, log, migrate, store, timers } = parts;
  let known: ReadonlyMap<string, OwnLimits> = new Map();
  let reading = Promise.resolve();
  let failures = 0;
  let isMigrated = false;
  let callOff = () => {};
  let isStopped = false;

  const read = async () => {
    try {
      if (!isMigrated) await migrate();
      isMigrated = true;
      known = await store.readAll();
      failures = 0;
    } catch (err) {
      failures += 1;
      if (failures === 1) log.warn({ err }, 'the limits of single people can not be read now');
    }
  };
  // One after the other: who asks because something changed must not get what was read before.
  const refresh = () => (reading = reading.then(read));
  const tick = async () => {
    await refresh();
    if (isStopped) return;
    const waitMs = failures === 0 ? refreshEveryMs : firstRetryMs * 2 ** Math.min(failures, 6);
    callOff = timers.after(waitMs, () => void tick());
  };

  return {
    /** The limits that hold for one person. */
    of: (userId: string): Limits => layOver(defaults, known.get(userId)),
    own: (userId: string): OwnLimits | null => known.get(userId) ?? null,
    refresh,
    start: () => void tick(),
    async stop() {
      isStopped = true;
      callOff();
      await reading;
    },
  };
}

function layOver(defaults: Limits, own: OwnLimits | undefined): Limits {
  if (own === undefined) return defaults;
  // Null is a decision, "no limit"; only what was left out is as for everybody.
  const {
    budgetUsdPerDay = defaults.budgetUsdPerDay,
    requestsPerMinute = defaults.requestsPerMinute,
    tokensPerMinute = defaults.tokensPerMinute,
  } = own;
  return { budgetUsdPerDay, requestsPerMinute, tokensPerMinute };
}

export type KnownLimits = ReturnType<typeof keepKnownLimits>;
