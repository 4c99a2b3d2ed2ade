import type { SearchSignals } from '@mosaic/proto';
import {
  chooseModel,
  embeddingSignals,
  staticSignals,
} from '../../app/recall/embeddings/choose-model.ts';
import { compareVectors, type VectorSet } from '../../app/recall/embeddings/compare-vectors.ts';
import type { RankedIndex } from '../../app/recall/rank/ranked-index.ts';
import type { MemoryStore } from '../../stores/memory-store.ts';
import type { Embedder } from './embedder.ts';

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
  forget(userId: string): void;
}

/** Without an embedding model: the built-in vectors alone. */
export const builtinVectors: QuestionVectors = {
  of: async () => ({ signals: staticSignals() }),
  forget: () => {},
};

/** Some 60,000 vectors of 768 numbers: models have from 384 to 4,096. */
const mostBytes = 184e6;

/** With vectors of `embedder`. What can't be compared is said in the signals and is no failure. */
export function openQuestionVectors(
  store: Pick<MemoryStore, 'readCoverage' | 'readVectors'>,
  embedder: Embedder,
): QuestionVectors {
  const sets = new Map<string, VectorSet>();

  const vectorsFor = async (userId: string, want: { model: string; texts: number }) => {
    const known = sets.get(userId);
    const isWhole = known?.model === want.model && known.vectors.size === want.texts;
    const { model } = want;
    const set = isWhole ? known : await store.readVectors(userId, { model, known });
    sets.delete(userId);
    sets.set(userId, set);
    makeRoom(sets);
    return set;
  };

  return {
    async of(userId, { text, ranked }) {
      const isEmpty = ranked.index.passages.length === 0;
      const coverage = isEmpty ? { texts: 0, models: [] } : await store.readCoverage(userId);
      const chosen = chooseModel(embedder.model, coverage);
      if (chosen === null) return { signals: staticSignals('they are being made.') };
      const asked = await embedder.question(text, { model: chosen.model, userId });
      if ('away' in asked) return { signals: staticSignals(asked.away) };
      const texts = coverage.models.find(({ model }) => model === chosen.model)?.texts ?? 0;
      const set = await vectorsFor(userId, { model: chosen.model, texts });
      if (set.width !== asked.length) {
        return { signals: staticSignals(`${chosen.model} answers with another width now.`) };
      }
      const likenesses = compareVectors(ranked.index.passages, set, asked);
      return { likenesses, signals: embeddingSignals(chosen, embedder.model) };
    },
    forget(userId) {
      sets.delete(userId);
      embedder.forget(userId);
    },
  };
}

function makeRoom(sets: Map<string, VectorSet>): void {
  const bytesOf = ({ vectors, width }: VectorSet) =>
    vectors.size * width * Float32Array.BYTES_PER_ELEMENT;
  let total = 0;
  for (const set of sets.values()) total += bytesOf(set);
  for (const [userId, set] of sets) {
    if (total <= mostBytes || sets.size === 1) return;
    sets.delete(userId);
    total -= bytesOf(set);
  }
}
