import { listUnsummarized, prepareSummary, saveSummary, summariesKey } from '@mosaic/proto';
import type { Bus, Clock } from '@mosaic/service-kit';
import { preferencesInForce } from '../../app/preferences/known-preferences.ts';
import type { MemoryStore } from '../../stores/memory-store.ts';

/** A model that refused or was too dear today may do it in some days. */
const tryAgainMs = 3 * 86_400_000;

/** So that one person's many conversations don't keep everybody else's waiting. */
const mostOfOne = 20;

export interface SummaryServing {
  readonly bus: Bus;
  readonly clock: Clock;
  readonly store: MemoryStore;
}

/** Answers the background job that has conversations summarised which nobody uses any more. */
export function serveSummaries({ bus, clock, store }: SummaryServing): void {
  bus.handle(listUnsummarized, async ({ limit }) => {
    const triedBefore = new Date(clock.now() - tryAgainMs).toISOString();
    const conversations: { userId: string; conversationId: string }[] = [];
    for (const userId of await store.listOwners()) {
      const want = { limit: Math.min(mostOfOne, limit - conversations.length), triedBefore };
      if (want.limit === 0) break;
      if (!(await isWanted(store, userId))) continue;
      const ids = await store.listUnsummarized(userId, want);
      conversations.push(...ids.map((conversationId) => ({ userId, conversationId })));
    }
    return { conversations };
  });
  bus.handle(prepareSummary, ({ conversationId }, { caller }) =>
    store.prepareSummary({ userId: caller.userId, conversationId }),
  );
  bus.handle(saveSummary, async ({ conversationId, ...summary }, { caller }) => ({
    isSaved: await store.saveSummary({ userId: caller.userId, conversationId }, summary),
  }));
}

async function isWanted(store: MemoryStore, userId: string): Promise<boolean> {
  const settings = preferencesInForce(await store.readPreferences(userId));
  return settings.find(({ key }) => key === summariesKey)?.value !== 'none';
}
