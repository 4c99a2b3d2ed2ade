import type { Logger } from '@mosaic/service-kit';
import type { Reservations, Reserved, ReserveWish, Verdict } from '../../app/limits/budget-port.ts';
import type { Timers } from '../../app/vendor/vendor-port.ts';
import type { LimitStore } from '../../stores/limit-store.ts';

/** An answer waits no longer than this for a database that is slow. */
const patienceMs = 5_000;
/** After that nobody asks it for a while: one slow answer is enough. */
const restMs = 5_000;
/** Pauses before asking again, where money is set aside for answers that may just be over. */
const pausesMs = [50, 150, 300];
/** Longest time that money stays set aside for a call that is over and not in the ledger yet. */
const longestSettlingMs = 300_000;

export interface ReservationParts {
  readonly store: Pick<LimitStore, 'renew' | 'reserve'>;
  readonly timers: Pick<Timers, 'after' | 'now'>;
  readonly log: Logger;
  /** How long money stays set aside when nobody renews it. */
  readonly leaseMs: number;
}

interface Held {
  endedAtMs: number | undefined;
  callOff(): void;
}

/**
 * Sets money aside in PostgreSQL and renews it while the call runs, so that what a dead worker had set
 * aside is free again soon. Without PostgreSQL everything is allowed: chatting goes on.
 */
export function makeReservations(parts: ReservationParts): Reservations & { stop(): void } {
  const { leaseMs, log, store, timers } = parts;
  const held = new Map<string, Held>();
  let restsUntilMs = 0;

  const keep = (userId: string, callId: string) => {
    const one: Held = held.get(callId) ?? { endedAtMs: undefined, callOff: () => {} };
    one.callOff();
    held.set(callId, one);
    one.callOff = timers.after(leaseMs / 3, () => void renew(userId, callId, one));
  };
  const renew = async (userId: string, callId: string, one: Held) => {
    const { endedAtMs = timers.now() } = one;
    const isLate = timers.now() - endedAtMs > longestSettlingMs;
    // What could not be renewed now is tried again: the row is there, even when its time is over.
    const isThere = !isLate && (await store.renew(userId, { callId, leaseMs }).catch(() => true));
    if (isThere && held.get(callId) === one) keep(userId, callId);
    else held.delete(callId);
  };
  const ask = async (userId: string, wish: ReserveWish) => {
    let reserved = await store.reserve(userId, { ...wish, leaseMs });
    for (const pauseMs of pausesMs) {
      if (reserved.isAllowed || !mayFitSoon(reserved, wish)) break;
      await new Promise<void>((resolve) => void timers.after(pauseMs, resolve));
      reserved = await store.reserve(userId, { ...wish, leaseMs });
    }
    return reserved;
  };
  const reserve = async (userId: string, wish: ReserveWish): Promise<Verdict> => {
    if (timers.now() < restsUntilMs) return 'unchecked';
    try {
      const reserved = await withPatience(ask(userId, wish), timers);
      if (reserved.isAllowed && wish.usd !== null) keep(userId, wish.callId);
      return reserved;
    } catch (err) {
      restsUntilMs = timers.now() + restMs;
      log.warn({ err }, 'budgets can not be checked now: calls are allowed, and counted later');
      return 'unchecked';
    }
  };

  return {
    reserve,
    release(callId) {
      const one = held.get(callId);
      if (one !== undefined) one.endedAtMs = timers.now();
    },
    stop() {
      for (const one of held.values()) one.callOff();
      held.clear();
    },
  };
}

/**
 * True when only what is set aside stands in the way. The record of an answer takes a moment into the
 * ledger, and the next step of a turn comes within that moment.
 */
function mayFitSoon({ spending }: Reserved, { limitUsd, usd }: ReserveWish): boolean {
  return spending.reservedUsd > 0 && spending.spentUsd + (usd ?? 0) <= limitUsd;
}

function withPatience<Result>(
  work: Promise<Result>,
  timers: Pick<Timers, 'after'>,
): Promise<Result> {
  return new Promise((resolve, reject) => {
    const callOff = timers.after(patienceMs, () =>
      reject(new Error(`PostgreSQL took longer than ${patienceMs} ms`)),
    );
    work.then(resolve, reject).finally(callOff);
  });
}
