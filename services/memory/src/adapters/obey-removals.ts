import { conversationLog } from '@mosaic/proto';
import { type Bus, type Logger, obeyDeletions, type Stoppable } from '@mosaic/service-kit';
import type { MemoryStore } from '../stores/memory-store.ts';

export interface ObeyingRemovals {
  readonly bus: Bus;
  readonly log: Logger;
  readonly store: Pick<MemoryStore, 'purge'>;
  /** Names this database: one from a backup hears of all removals again. */
  readonly projection: string;
}

/** Removes rows and logs of people whose account is removed. */
export function obeyRemovals({ bus, log, projection, store }: ObeyingRemovals): Promise<Stoppable> {
  return obeyDeletions({
    bus,
    log,
    durable: `memory-users-${projection}`,
    purge: async (userId) => {
      const rows = await store.purge(userId);
      return { ...rows, events_of_log: await bus.purgeUser(conversationLog, userId) };
    },
  });
}
