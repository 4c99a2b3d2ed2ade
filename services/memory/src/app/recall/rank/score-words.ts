import type { UserIndex } from '../index/user-index.ts';
import { add, type Column } from './columns/column.ts';

/** How soon more of the same word stops to count, and how much long passages lose. */
const saturation = 1.2;
const lengthShare = 0.5;

/** Terms that stand for one thing, and what one occurrence is worth. */
export interface WeightedTerms {
  readonly terms: readonly { readonly term: number; readonly likeness: number }[];
  readonly weight: number;
}

/** BM25 of all passages for weighted words; of the terms of one word, the best counts. */
export function scoreWords(index: UserIndex, words: readonly WeightedTerms[]): Column {
  const scores = new Float32Array(index.passages.length);
  for (const word of words) addWord(index, word, scores);
  return scores;
}

function addWord(index: UserIndex, { terms, weight }: WeightedTerms, scores: Column): void {
  const usual = Math.max(1, index.length / Math.max(1, index.passages.length));
  const occurrences = bestOccurrences(index, terms, ({ likeness, passage, count }) => {
    const length = index.passages[passage]?.terms.length ?? 0;
    const damping = saturation * (1 - lengthShare + (lengthShare * length) / usual);
    return (likeness * count * (saturation + 1)) / (count + damping);
  });
  for (const [passage, value] of occurrences) add(scores, passage, weight * value);
}

/** A term in a passage. */
export interface Occurrence {
  readonly passage: number;
  readonly count: number;
  readonly likeness: number;
}

/** For every passage with any of the terms, the largest value that one of them has there. */
export function bestOccurrences(
  index: UserIndex,
  terms: WeightedTerms['terms'],
  read: (occurrence: Occurrence) => number,
): ReadonlyMap<number, number> {
  const best = new Map<number, number>();
  for (const { term, likeness } of terms) {
    const found = index.postings[term];
    if (found === undefined) continue;
    for (const [at, passage] of found.passages.entries()) {
      const value = read({ passage, count: found.counts[at] ?? 0, likeness });
      if (value > (best.get(passage) ?? 0)) best.set(passage, value);
    }
  }
  return best;
}
