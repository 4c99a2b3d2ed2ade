import type { UserIndex } from '../index/user-index.ts';

/** How soon more of the same word stops to count, and how much long passages lose. */
const saturation = 1.2;
const lengthShare = 0.5;

/** Terms that stand for one thing, and what one occurrence is worth. */
export interface WeightedTerms {
  readonly terms: readonly { readonly term: number; readonly likeness: number }[];
  readonly weight: number;
}

/** A value for every passage of an index. */
export type Column = Float32Array<ArrayBuffer>;

/** BM25 of all passages for weighted words; of the terms of one word, the best counts. */
export function scoreWords(index: UserIndex, words: readonly WeightedTerms[]): Column {
  const scores = new Float32Array(index.passages.length);
  for (const word of words) addWord(index, word, scores);
  return scores;
}

function addWord(index: UserIndex, { terms, weight }: WeightedTerms, scores: Column): void {
  if (terms.length === 1) {
    const [only] = terms;
    if (only !== undefined)
      eachOf(index, only, (passage, value) => {
        scores[passage] = (scores[passage] ?? 0) + weight * value;
      });
    return;
  }
  const best = new Map<number, number>();
  for (const one of terms) {
    eachOf(index, one, (passage, value) => {
      if (value > (best.get(passage) ?? 0)) best.set(passage, value);
    });
  }
  for (const [passage, value] of best) {
    scores[passage] = (scores[passage] ?? 0) + weight * value;
  }
}

function eachOf(
  index: UserIndex,
  { term, likeness }: WeightedTerms['terms'][number],
  add: (passage: number, value: number) => void,
): void {
  const found = index.postings[term];
  if (found === undefined) return;
  const usual = Math.max(1, index.length / Math.max(1, index.passages.length));
  for (const [at, passage] of found.passages.entries()) {
    const count = found.counts[at] ?? 0;
    const length = index.passages[passage]?.terms.length ?? 0;
    const damping = saturation * (1 - lengthShare + (lengthShare * length) / usual);
    add(passage, (likeness * count * (saturation + 1)) / (count + damping));
  }
}
