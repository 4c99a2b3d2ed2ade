import { readWordVectors } from '@mosaic/word-vectors';
import { makeConversationQueue } from '../../app/conversation-queue.ts';
import { measureIndex } from '../../app/recall/index/measure-index.ts';
import {
  emptyRankedIndex,
  type RankedIndex,
  withPassages,
} from '../../app/recall/rank/ranked-index.ts';
import type { MemoryStore } from '../../stores/memory-store.ts';
import type { IndexState } from '../../stores/passages/read-passages.ts';

/** Of all users together: some 120,000 passages of conversations, fewer of long texts. */
const mostBytes = 420e6;

/** A turn's end is not yet all of what is written at that time. */
const refreshAfterMs = 200;

/** An index and the state of the tables that it stands for. Not to be kept. */
export interface KnownIndex {
  readonly ranked: RankedIndex;
  readonly state: IndexState;
  /** True when it was brought up for whoever has it now. */
  readonly isFresh: boolean;
}

/** Indexes of the users who searched last. */
export interface IndexCache {
  /** The user's index, brought up to what is stored now. */
  of(userId: string): Promise<KnownIndex>;
  /**
   * The user's index as it was last, where nothing newer is known here: whoever uses it has to find
   * the same state in the tables afterwards.
   */
  known(userId: string): KnownIndex | undefined;
  /** Says that something of a user was written: what is known is old. */
  note(userId: string): void;
  /** Forgets everything about a user at once. */
  forget(userId: string): void;
}

interface Entry extends Omit<KnownIndex, 'isFresh'> {
  readonly bytes: number;
  isOld: boolean;
}

/**
 * Keeps indexes in memory under the id of their user. Each search compares its state, as that user,
 * with the tables; so other replicas' writes and removals count at once, and nothing has to be announced.
 */
export function openIndexCache(
  store: Pick<MemoryStore, 'readPassageNews'>,
  room = mostBytes,
): IndexCache {
  const entries = new Map<string, Entry>();
  /** Users whose index is brought up to date in a moment. */
  const due = new Set<string>();
  const queue = makeConversationQueue();

  // The youngest is last: who has not asked for longest goes first.
  const touch = (userId: string, entry: Entry) => {
    entries.delete(userId);
    entries.set(userId, entry);
  };

  const refresh = async (userId: string): Promise<KnownIndex> => {
    const known = entries.get(userId);
    // What is noted from here on may or may not be among the news.
    if (known !== undefined) known.isOld = false;
    const news = await store.readPassageNews(userId, known?.state ?? null);
    const before =
      known !== undefined && !news.isWhole ? known.ranked : emptyRankedIndex(readWordVectors());
    const ranked = news.passages.length > 0 ? withPassages(before, news.passages) : before;
    const bytes = measureIndex(ranked.index);
    const entry = { ranked, state: news.state, isOld: known?.isOld ?? false, bytes };
    touch(userId, entry);
    makeRoom(entries, room);
    return { ...entry, isFresh: true };
  };

  const isOld = (userId: string) => entries.get(userId)?.isOld === true;

  /** So that the next question need not wait for it. What fails here is tried again by that question. */
  const refreshSoon = (userId: string) => {
    if (due.has(userId)) return;
    due.add(userId);
    const begin = async () => {
      due.delete(userId);
      if (isOld(userId)) await queue.run(userId, () => refresh(userId));
    };
    setTimeout(() => void begin().catch(() => undefined), refreshAfterMs).unref();
  };

  return {
    of: (userId) => queue.run(userId, () => refresh(userId)),
    known(userId) {
      const entry = entries.get(userId);
      if (entry === undefined || entry.isOld) return undefined;
      touch(userId, entry);
      return { ...entry, isFresh: false };
    },
    note(userId) {
      const entry = entries.get(userId);
      if (entry === undefined) return;
      entry.isOld = true;
      refreshSoon(userId);
    },
    forget: (userId) => void entries.delete(userId),
  };
}

/** The index just asked for stays, however large: without it there is no answer. */
function makeRoom(entries: Map<string, Entry>, room: number): void {
  let total = 0;
  for (const { bytes } of entries.values()) total += bytes;
  for (const [userId, { bytes }] of entries) {
    if (total <= room || entries.size === 1) return;
    entries.delete(userId);
    total -= bytes;
  }
}
