import { makeConversationQueue } from '../../app/conversation-queue.ts';
import type { VectorSet } from '../../app/recall/embeddings/compare-vectors.ts';
import type { MemoryStore } from '../../stores/memory-store.ts';
import type { ComparableVectors } from '../../stores/passages/embeddings.ts';

/** What was read is looked at again after so long: another replica may make some. */
const believedMs = 60_000;
/** So long after the last of them, the vectors made here are read. */
const refreshAfterMs = 500;
/** Some 60,000 vectors of 768 numbers: models have from 384 to 4,096. */
const mostBytes = 184e6;

/** Vectors of the users who asked last, each of the one model that their searches compare. */
export interface VectorCache {
  of(userId: string): Promise<ComparableVectors>;
  /** The model that a search of the user will most likely compare, where it is known without reading. */
  expectedModel(userId: string): string | undefined;
  /** Says that vectors of a user were made. They are read behind the questions, not by the next. */
  note(userId: string): void;
  forget(userId: string): void;
}

interface Entry {
  known: ComparableVectors | null;
  readAtMs: number;
  /** How often vectors were made, and how often when what is known was read. */
  made: number;
  madeWhenRead: number;
  timer?: NodeJS.Timeout;
}

/** `wanted`: the installation's own model. */
export function openVectorCache(
  store: Pick<MemoryStore, 'readComparable'>,
  wanted: string,
): VectorCache {
  const entries = new Map<string, Entry>();
  const queue = makeConversationQueue();

  const believed = (userId: string): ComparableVectors | undefined => {
    const entry = entries.get(userId);
    if (entry === undefined || entry.made !== entry.madeWhenRead) return undefined;
    if (entry.readAtMs + believedMs < performance.now()) return undefined;
    return entry.known ?? undefined;
  };

  const read = async (userId: string): Promise<ComparableVectors> => {
    // Whoever waited for another's reading has its answer.
    const news = believed(userId);
    if (news !== undefined) return news;
    const entry = entries.get(userId) ?? { known: null, readAtMs: 0, made: 0, madeWhenRead: 0 };
    // The youngest is last: whose vectors were read longest ago goes first.
    entries.delete(userId);
    entries.set(userId, entry);
    // What is made from here on may or may not be among what is read.
    const { made } = entry;
    const readAtMs = performance.now();
    const known = await store.readComparable(userId, { wanted, known: entry.known?.set ?? null });
    Object.assign(entry, { known, readAtMs, madeWhenRead: made });
    makeRoom(entries);
    return known;
  };

  return {
    of: async (userId) => believed(userId) ?? queue.run(userId, () => read(userId)),
    expectedModel: (userId) => entries.get(userId)?.known?.chosen?.model,
    note(userId) {
      const entry = entries.get(userId);
      if (entry === undefined) return;
      entry.made += 1;
      clearTimeout(entry.timer);
      const refresh = () => {
        if (entries.get(userId) !== entry) return;
        // What fails here is tried again by the next question.
        queue.run(userId, () => read(userId)).catch(() => undefined);
      };
      entry.timer = setTimeout(refresh, refreshAfterMs).unref();
    },
    forget(userId) {
      clearTimeout(entries.get(userId)?.timer);
      entries.delete(userId);
    },
  };
}

function bytesOf(set: VectorSet | null | undefined): number {
  return (set?.vectors.size ?? 0) * (set?.width ?? 0) * Float32Array.BYTES_PER_ELEMENT;
}

/** Those of the user who asks stay, however many. */
function makeRoom(entries: Map<string, Entry>): void {
  let total = 0;
  for (const { known } of entries.values()) total += bytesOf(known?.set);
  for (const [userId, { known }] of entries) {
    if (total <= mostBytes || entries.size === 1) return;
    entries.delete(userId);
    total -= bytesOf(known?.set);
  }
}
