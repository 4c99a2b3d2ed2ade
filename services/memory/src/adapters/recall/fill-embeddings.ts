import type { Logger, Stoppable } from '@mosaic/service-kit';
import type { MemoryStore } from '../../stores/memory-store.ts';
import type { Embedder } from './embedder.ts';

const textsAtOnce = 32;
/** Looked for after each of them, the texts of a turn were a quarter of what the database did. */
const gatherMs = 2_000;
const firstRestMs = 5_000;
const longestRestMs = 300_000;

/** How far the vectors of this installation's model have come. */
export interface FillProgress {
  readonly state: 'ready' | 'working' | 'away';
  readonly users: number;
  readonly usersDone: number;
  /** Texts that got their vector since the start. */
  readonly texts: number;
  /** Why it waits, when it does. */
  readonly reason: string | null;
}

export interface EmbeddingFiller extends Stoppable {
  /** Says that a user has new passages. */
  note(userId: string): void;
  progress(): FillProgress;
}

export interface Filling {
  readonly store: Pick<
    MemoryStore,
    'listOwners' | 'listUnembedded' | 'saveEmbeddings' | 'dropOtherModels'
  >;
  readonly embedder: Embedder;
  readonly log: Logger;
  /** Called after vectors of a user were kept. */
  readonly onKept: (userId: string) => void;
}

/**
 * Gives passages their vectors behind everybody's back, some at a time: those that are new, and after
 * a change of the model all. What is done is in the tables, so that a start after a crash goes on where
 * it was; the vectors of the model before stay until a user's last text has its new one.
 */
export function fillEmbeddings(filling: Filling): EmbeddingFiller {
  const { store, embedder, log } = filling;
  const stopped = new AbortController();
  const waiting = new Set<string>();
  const all = new Set<string>();
  const done = { texts: 0 };
  /** Users whose vectors of other models are gone. */
  const tidied = new Set<string>();
  let restMs = firstRestMs;
  let reason: string | null = null;
  let wake: () => void = () => {};

  const note = (userId: string) => {
    all.add(userId);
    waiting.add(userId);
    wake();
  };
  const untilNoted = () =>
    new Promise<void>((resolve) => {
      wake = resolve;
    });
  const work = async () => {
    for (const userId of await store.listOwners()) note(userId);
    while (!stopped.signal.aborted) {
      const [userId] = waiting;
      if (userId === undefined) {
        await untilNoted();
        await rest(gatherMs, stopped.signal);
        continue;
      }
      waiting.delete(userId);
      try {
        await fillUser(filling, userId, { signal: stopped.signal, done, tidied });
        restMs = firstRestMs;
        reason = null;
      } catch (thrown) {
        if (stopped.signal.aborted) return;
        waiting.add(userId);
        reason = thrown instanceof Error ? thrown.message : String(thrown);
        log.debug({ err: thrown }, 'no vectors now; passages are found by their words');
        // A note does not end this rest: what is away for one is away for all.
        await rest(restMs, stopped.signal);
        restMs = Math.min(longestRestMs, restMs * 2);
      }
    }
  };
  const working = work().catch((error: unknown) => {
    log.warn({ err: error, model: embedder.model }, 'no more vectors until the next start');
  });

  return {
    note,
    progress: () => ({
      state: reason !== null ? 'away' : waiting.size > 0 ? 'working' : 'ready',
      users: all.size,
      usersDone: all.size - waiting.size,
      texts: done.texts,
      reason,
    }),
    async stop() {
      stopped.abort();
      wake();
      await working;
    },
  };
}

interface FillingUser {
  readonly signal: AbortSignal;
  readonly done: { texts: number };
  readonly tidied: Set<string>;
}

/** Gives all texts of a user their vectors, and then drops those of other models. */
export async function fillUser(
  { store, embedder, onKept }: Pick<Filling, 'store' | 'embedder' | 'onKept'>,
  userId: string,
  { signal, done, tidied }: FillingUser,
): Promise<void> {
  const { model } = embedder;
  for (;;) {
    const found = await store.listUnembedded(userId, { model, limit: textsAtOnce });
    if (found.length === 0) {
      if (!tidied.has(userId)) await store.dropOtherModels(userId, model);
      tidied.add(userId);
      return;
    }
    tidied.delete(userId);
    const vectors = await embedder.passages(
      found.map(({ text }) => text),
      signal,
    );
    const rows = found.flatMap(({ hash }, at) => {
      const vector = vectors[at];
      return vector === undefined ? [] : [{ hash, vector }];
    });
    await store.saveEmbeddings(userId, { model, width: vectors[0]?.length ?? 0, rows });
    onKept(userId);
    done.texts += rows.length;
  }
}

function rest(ms: number, signal: AbortSignal): Promise<void> {
  return new Promise((resolve) => {
    const end = () => {
      clearTimeout(timer);
      resolve();
    };
    const timer = setTimeout(end, ms);
    signal.addEventListener('abort', end, { once: true });
  });
}
