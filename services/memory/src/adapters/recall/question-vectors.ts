import type { SearchSignals } from '@mosaic/proto';
import {
  chooseModel,
  embeddingSignals,
  type ModelCoverage,
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

/** A vector of 768 numbers takes 3 kB. */
const mostVectors = 60_000;
/** Where there is no vector at all nobody looks again for so long; another replica may be making some. */
const withoutMs = 30_000;

/** With vectors of `embedder`. What can't be compared is said in the signals and is no failure. */
export function openQuestionVectors(
  store: Pick<MemoryStore, 'readCoverage' | 'readVectors'>,
  embedder: Embedder,
): QuestionVectors {
  const sets = new Map<string, VectorSet>();
  const without = rememberWithout(withoutMs);

  const coverageOf = async (userId: string) => {
    if (without.has(userId)) return noVectors;
    const coverage = await store.readCoverage(userId);
    if (coverage.models.length === 0) without.add(userId);
    return coverage;
  };

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
      const coverage = isEmpty ? noVectors : await coverageOf(userId);
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
    note: without.remove,
    forget(userId) {
      without.remove(userId);
      sets.delete(userId);
      embedder.forget(userId);
    },
  };
}

const noVectors: ModelCoverage = { texts: 0, models: [] };

/** Users of whom no text has a vector, each for a while. */
function rememberWithout(forMs: number) {
  const untilMs = new Map<string, number>();
  return {
    has: (userId: string) => (untilMs.get(userId) ?? 0) > performance.now(),
    add(userId: string): void {
      const now = performance.now();
      // They were added in the order of their ends.
      for (const [known, until] of untilMs) {
        if (until > now) break;
        untilMs.delete(known);
      }
      untilMs.delete(userId);
      untilMs.set(userId, now + forMs);
    },
    remove: (userId: string) => void untilMs.delete(userId),
  };
}

function makeRoom(sets: Map<string, VectorSet>): void {
  let total = 0;
  for (const { vectors } of sets.values()) total += vectors.size;
  for (const [userId, { vectors }] of sets) {
    if (total <= mostVectors || sets.size === 1) return;
    sets.delete(userId);
    total -= vectors.size;
  }
}
