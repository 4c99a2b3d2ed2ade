import type { SearchSignals } from '@mosaic/proto';
import { embeddingSignals, staticSignals } from '../../app/recall/embeddings/choose-model.ts';
import { compareVectors } from '../../app/recall/embeddings/compare-vectors.ts';
import type { RankedIndex } from '../../app/recall/rank/ranked-index.ts';
import type { MemoryStore } from '../../stores/memory-store.ts';
import type { Embedder } from './embedder.ts';
import { openVectorCache } from './vector-cache.ts';

export interface Compared {
  /** Left out when no vectors of a model could be compared. */
  readonly likenesses?: Float32Array<ArrayBuffer>;
  readonly signals: SearchSignals;
}

/** Compares a question with a user's passages by an embedding model, where there is one. */
export interface QuestionVectors {
  of(
    userId: string,
    ask: { readonly text: string; readonly ranked: RankedIndex },
  ): Promise<Compared>;
  /** Says that vectors of a user were made. */
  note(userId: string): void;
  forget(userId: string): void;
}

/** Without an embedding model: the built-in vectors alone. */
export const builtinVectors: QuestionVectors = {
  of: async () => ({ signals: staticSignals() }),
  note: () => {},
  forget: () => {},
};

/** With vectors of `embedder`. What can't be compared is said in the signals and is no failure. */
export function openQuestionVectors(
  store: Pick<MemoryStore, 'readComparable'>,
  embedder: Embedder,
): QuestionVectors {
  const cache = openVectorCache(store, embedder.model);
  return {
    async of(userId, { text, ranked }) {
      if (ranked.index.passages.length === 0) return { signals: staticSignals(beingMade) };
      // The model answers while the database is read, where it is known which will be asked.
      const expected = cache.expectedModel(userId);
      if (expected !== undefined) void embedder.question(text, { model: expected, userId });
      const { chosen, set } = await cache.of(userId);
      if (chosen === null || set === null) return { signals: staticSignals(beingMade) };
      const asked = await embedder.question(text, { model: chosen.model, userId });
      if ('away' in asked) return { signals: staticSignals(asked.away) };
      if (set.width !== asked.length) {
        return { signals: staticSignals(`${chosen.model} answers with another width now.`) };
      }
      const likenesses = compareVectors(ranked.index.passages, set, asked);
      return { likenesses, signals: embeddingSignals(chosen, embedder.model) };
    },
    note: cache.note,
    forget(userId) {
      cache.forget(userId);
      embedder.forget(userId);
    },
  };
}

const beingMade = 'they are being made.';
