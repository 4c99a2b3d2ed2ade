import type { Logger, Stoppable } from '@mosaic/service-kit';
import type { MemoryStore } from '../stores/memory-store.ts';

/**
 * Makes everybody's older messages findable, beside all other work. What fails is tried again at the
 * next start: what is written from now on is found all the same.
 */
export function fillPassages(
  store: Pick<MemoryStore, 'listOwners' | 'backfillPassages'>,
  log: Logger,
): Stoppable {
  let isStopped = false;
  const fill = async () => {
    for (const userId of await store.listOwners()) {
      if (isStopped) return;
      const count = await store.backfillPassages(userId);
      if (count > 0) log.info({ count }, 'older messages were made findable');
    }
  };
  const filling = fill().catch((error: unknown) => {
    log.warn({ err: error }, 'older messages could not be made findable; the next start goes on');
  });
  return {
    async stop() {
      isStopped = true;
      await filling;
    },
  };
}
