import { listPreferences, type Preference, preferencesChanged } from '@mosaic/proto';
import type { Bus, SignedCaller, Stoppable } from '../bus/port.ts';
import { makePerUserMemory } from '../memory/per-user-memory.ts';
import type { Logger } from '../runtime/create-logger.ts';
import type { Clock } from '../runtime/port.ts';

/** A replica that missed the news asks again after 15 s; while memory is away the last known serve. */
const times = {
  freshMs: 15_000,
  staleMs: 24 * 3_600_000,
  patienceMs: 100,
  firstPatienceMs: 300,
  maxUsers: 10_000,
};

export interface PreferenceWatch extends Stoppable {
  /**
   * The settings as they hold for a person; none when nobody could say. It waits for memory at a
   * person's first question, after a change, and every 15 s. Never throws.
   */
  of(caller: SignedCaller): Promise<readonly Preference[]>;
  /** Drops what is remembered of a person. */
  forget(userId: string): void;
}

/** Keeps the settings of those who asked last at hand. */
export function watchPreferences(parts: {
  readonly bus: Bus;
  readonly clock: Clock;
  readonly log: Logger;
}): PreferenceWatch {
  const { bus, clock, log } = parts;
  const people = makePerUserMemory<SignedCaller, readonly Preference[]>({
    load: async (caller) => (await bus.call(listPreferences, {}, { caller })).preferences,
    clock,
    ...times,
  });
  const listening = bus.subscribe(preferencesChanged, ({ userId }) => {
    if (userId === null) people.expireAll();
    else people.drop(userId);
  });
  return {
    async of(caller) {
      try {
        return await people.get(caller);
      } catch (err) {
        log.debug({ err }, 'settings could not be asked for; it goes on as if none were set');
        return [];
      }
    },
    forget: (userId) => people.drop(userId),
    stop: () => listening.stop(),
  };
}
