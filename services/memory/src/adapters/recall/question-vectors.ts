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

/** How far a user's vectors have come is looked at again after so long: another replica may make some. */
const coverageMs = 60_000;
/** Some 60,000 vectors of 768 numbers: models have from 384 to 4,096. */
const mostBytes = 184e6;

/** With vectors of `embedder`. What can't be compared is said in the signals and is no failure. */
export function openQuestionVectors(
  store: Pick<MemoryStore, 'readCoverage' | 'readVectors'>,
  embedder: Embedder,
): QuestionVectors {
  const sets = new Map<string, VectorSet>();
  const remembered = rememberCoverage(coverageMs);

  const coverageOf = async (userId: string) => {
    const known = remembered.of(userId);
    if (known !== undefined) return known;
    const readAt = performance.now();
    const coverage = await store.readCoverage(userId);
    remembered.put(userId, { coverage, readAt });
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
    note: remembered.drop,
    forget(userId) {
      remembered.drop(userId);
      sets.delete(userId);
      embedder.forget(userId);
    },
  };
}

const noVectors: ModelCoverage = { texts: 0, models: [] };

interface ReadCoverage {
  readonly coverage: ModelCoverage;
  readonly readAt: number;
}

/** What was read of users, each for a while; what was read before a drop is not kept after it. */
function rememberCoverage(forMs: number) {
  const known = new Map<string, ReadCoverage>();
  const droppedAt = new Map<string, number>();
  const isOver = (at: number) => at + forMs < performance.now();
  return {
    of(userId: string): ModelCoverage | undefined {
      const entry = known.get(userId);
      return entry === undefined || isOver(entry.readAt) ? undefined : entry.coverage;
    },
    put(userId: string, entry: ReadCoverage): void {
      for (const [other, { readAt }] of known) if (isOver(readAt)) known.delete(other);
      for (const [other, at] of droppedAt) if (isOver(at)) droppedAt.delete(other);
      if ((droppedAt.get(userId) ?? 0) <= entry.readAt) known.set(userId, entry);
    },
    drop(userId: string): void {
      known.delete(userId);
      droppedAt.set(userId, performance.now());
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
