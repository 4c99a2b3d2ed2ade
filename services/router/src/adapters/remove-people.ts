import {
  type Bus,
  type Logger,
  obeyDeletions,
  type PreferenceWatch,
  type Stoppable,
} from '@mosaic/service-kit';
import type { Rules } from './rules/open-rules.ts';

/** Removes a removed person's rules, exemplars and feedback, and what is held of them in memory. */
export function removePeople(parts: {
  readonly bus: Bus;
  readonly log: Logger;
  readonly preferences: Pick<PreferenceWatch, 'forget'>;
  readonly rules: Rules;
}): Promise<Stoppable> {
  const { bus, log, preferences, rules } = parts;
  const { book, purge } = rules;
  return obeyDeletions({
    bus,
    log,
    durable: 'router-users',
    purge,
    forget(userId) {
      book.forget(userId);
      preferences.forget(userId);
    },
  });
}
