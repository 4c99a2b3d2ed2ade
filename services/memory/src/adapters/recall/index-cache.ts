import { readWordVectors } from '@mosaic/word-vectors';
import { makeConversationQueue } from '../../app/conversation-queue.ts';
import {
  emptyRankedIndex,
  type RankedIndex,
  withPassages,
} from '../../app/recall/rank/ranked-index.ts';
import type { MemoryStore } from '../../stores/memory-store.ts';
import type { IndexState } from '../../stores/passages/read-passages.ts';

/** About a kilobyte each: some 150 MB in all. */
const mostPassages = 150_000;

/** Indexes of the users who searched last, each as its tables are at the moment of asking. */
export interface IndexCache {
  /** The user's index, brought up to what is stored now. Not to be kept. */
  of(userId: string): Promise<RankedIndex>;
  /** Forgets everything about a user at once. */
  forget(userId: string): void;
}

interface Entry {
  readonly ranked: RankedIndex;
  readonly state: IndexState;
}

/**
 * Keeps indexes in memory under the id of their user. Each asking reads, as that user, whether there
 * is news; so other replicas' writes and removals count at once, and nothing has to be announced.
 */
export function openIndexCache(store: Pick<MemoryStore, 'readPassageNews'>): IndexCache {
  const entries = new Map<string, Entry>();
  const queue = makeConversationQueue();

  const refresh = async (userId: string): Promise<RankedIndex> => {
    const known = entries.get(userId);
    const news = await store.readPassageNews(userId, known?.state ?? null);
    const before =
      known !== undefined && !news.isWhole ? known.ranked : emptyRankedIndex(readWordVectors());
    const ranked = news.passages.length > 0 ? withPassages(before, news.passages) : before;
    const entry = { ranked, state: news.state };
    // The youngest is last: who has not asked for longest goes first.
    entries.delete(userId);
    entries.set(userId, entry);
    makeRoom(entries);
    return entry.ranked;
  };

  return {
    of: (userId) => queue.run(userId, () => refresh(userId)),
    forget: (userId) => void entries.delete(userId),
  };
}

function makeRoom(entries: Map<string, Entry>): void {
  let total = 0;
  for (const { ranked } of entries.values()) total += ranked.index.passages.length;
  for (const [userId, { ranked }] of entries) {
    if (total <= mostPassages || entries.size === 1) return;
    entries.delete(userId);
    total -= ranked.index.passages.length;
  }
}
