import { conversationLog } from '@mosaic/proto';
import { type Bus, type Logger, obeyDeletions, type Stoppable } from '@mosaic/service-kit';
import type { MemoryStore } from '../stores/memory-store.ts';
import type { Recall } from './recall/open-recall.ts';

export interface RemovingPeople {
  readonly bus: Bus;
  readonly log: Logger;
  readonly store: Pick<MemoryStore, 'purge'>;
  readonly recall: Pick<Recall, 'forget'>;
  /** Id of the tables: each set of them hears of every removal. */
  readonly projection: string;
}

/** Removes a removed person's rows and log, and what is held of them in memory. */
export function removePeople(removing: RemovingPeople): Promise<Stoppable> {
  const { bus, log, projection, recall, store } = removing;
  return obeyDeletions({
    bus,
    log,
    durable: `memory-users-${projection}`,
    purge: async (userId) => {
      const rows = await store.purge(userId);
      return { ...rows, events_of_log: await bus.purgeUser(conversationLog, userId) };
    },
    forget: recall.forget,
  });
}
