import {
  type LimitsReport,
  limitsChanged,
  MosaicError,
  putUserLimits,
  readLimits,
  readUserLimits,
  removeUserLimits,
} from '@mosaic/proto';
import type { Bus } from '@mosaic/service-kit';
import { dayOf } from '../../app/limits/day.ts';
import type { Timers } from '../../app/vendor/vendor-port.ts';
import type { LimitStore } from '../../stores/limit-store.ts';
import type { KnownLimits } from './known-limits.ts';

export interface ServedLimits {
  readonly known: KnownLimits;
  readonly store: LimitStore;
  readonly timers: Pick<Timers, 'now'>;
}

/**
 * Answers what people and administrators ask about limits. Every replica hears of a change and reads
 * all of them again, so that it holds there within moments.
 */
export function serveLimits(bus: Bus, { known, store, timers }: ServedLimits): void {
  const report = (userId: string) => reportOf(userId, { known, store, timers });
  const tellChange = async (userId: string) => {
    await known.refresh();
    bus.publishLive(limitsChanged, { userId }, { tokens: {} });
    return report(userId);
  };
  bus.subscribe(limitsChanged, () => void known.refresh());
  bus.handle(readLimits, (_, { caller }) => report(caller.userId));
  bus.handle(readUserLimits, ({ userId }) => report(userId));
  bus.handle(putUserLimits, async ({ limits, userId }, { caller }) => {
    await store.put(userId, limits, caller.userId);
    return tellChange(userId);
  });
  bus.handle(removeUserLimits, async ({ userId }) => {
    await store.remove(userId);
    return tellChange(userId);
  });
}

/** Stands in where there is no database: limits can't be read there, nor set. */
export function serveNoLimits(bus: Bus): void {
  const refuse = async () => {
    const why = 'providers has no DATABASE_URL';
    throw new MosaicError('service_unavailable', `Limits can not be read or set: ${why}.`);
  };
  for (const contract of [readLimits, readUserLimits, putUserLimits, removeUserLimits]) {
    bus.handle(contract, refuse);
  }
}

async function reportOf(
  userId: string,
  { known, store, timers }: ServedLimits,
): Promise<LimitsReport> {
  const now = new Date(timers.now());
  const spending = await store.readSpending(userId, now);
  const limits = known.of(userId);
  const { budgetUsdPerDay: budgetUsd } = limits;
  const usedUsd = spending.spentUsd + spending.reservedUsd;
  const leftUsd = budgetUsd === null ? null : Math.max(0, budgetUsd - usedUsd);
  const resetsAt = dayOf(now).before.toISOString();
  return { userId, limits, own: known.own(userId), today: { ...spending, leftUsd, resetsAt } };
}
