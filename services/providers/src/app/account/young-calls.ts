import type { StartedCall } from '@mosaic/proto';
import type { Timers } from '../vendor/vendor-port.ts';

/** Most calls are over by then; who looks at what is under way sees those that take longer. */
const youngMs = 3_000;

interface Held {
  readonly isNeeded: Promise<boolean>;
  settle(isNeeded: boolean): void;
}

/**
 * Calls that have just begun. Their records are safe in the stream; a row for the start is only needed
 * of a call that goes on, or whose worker died: the record of an end has everything that the start has.
 */
export function watchYoungCalls(timers: Pick<Timers, 'now' | 'after'>) {
  const held = new Map<string, Held>();

  const hold = (id: string, waitMs: number): Held => {
    const { promise, resolve } = Promise.withResolvers<boolean>();
    const callOff = timers.after(waitMs, () => one.settle(true));
    const one: Held = {
      isNeeded: promise,
      settle(isNeeded) {
        callOff();
        held.delete(id);
        resolve(isNeeded);
      },
    };
    held.set(id, one);
    return one;
  };

  return {
    /** True when the call needs a row of its start; false when the row of its end was written. */
    async needsRow({ id, startedAt }: Pick<StartedCall, 'id' | 'startedAt'>): Promise<boolean> {
      const ageMs = timers.now() - Date.parse(startedAt);
      // A clock of another machine may be ahead.
      const waitMs = Math.min(youngMs, youngMs - ageMs);
      if (waitMs <= 0) return true;
      return (held.get(id) ?? hold(id, waitMs)).isNeeded;
    },
    /** The row of its end is there. */
    ended: (id: string) => held.get(id)?.settle(false),
    /** Whoever is held is written now. */
    stop() {
      for (const one of held.values()) one.settle(true);
    },
  };
}
