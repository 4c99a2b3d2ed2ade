import { type WordVectors, wordDimensions } from '@mosaic/word-vectors';
import type { UserIndex } from '../index/user-index.ts';
import type { WeightedTerms } from './score-words.ts';

/** Below this, words have little in common but being English. */
const leastLikeness = 0.55;
const mostRelated = 16;

/** The terms of an index that mean nearly what a word means, most alike first. */
export type RelatedTerms = (word: string) => WeightedTerms['terms'];

/**
 * Looks for related words in the built-in table among what the user ever said. What was found is kept
 * for the life of the index; only words that came since are looked at again.
 */
export function relateTerms(index: UserIndex, table: WordVectors): RelatedTerms {
  const vectors: Float32Array[] = [];
  const known = new Map<
    string,
    { readonly found: WeightedTerms['terms']; readonly upTo: number }
  >();
  const takeNews = () => {
    const { forms } = index.vocabulary;
    while (vectors.length < forms.length) {
      vectors.push(vectorOf(forms[vectors.length] ?? '', table));
    }
  };
  return (word) => {
    takeNews();
    const before = known.get(word);
    if (before !== undefined && before.upTo === vectors.length) return before.found;
    const wanted = vectorOf(word, table);
    const news = wanted.length === 0 ? [] : alike(wanted, vectors, before?.upTo ?? 0);
    const found = [...(before?.found ?? []), ...news]
      .sort((left, right) => right.likeness - left.likeness)
      .slice(0, mostRelated);
    known.set(word, { found, upTo: vectors.length });
    return found;
  };
}

function alike(
  wanted: Float32Array,
  vectors: readonly Float32Array[],
  from: number,
): { term: number; likeness: number }[] {
  const found: { term: number; likeness: number }[] = [];
  for (let term = from; term < vectors.length; term += 1) {
    const vector = vectors[term];
    if (vector === undefined || vector.length === 0) continue;
    let likeness = 0;
    for (let at = 0; at < wordDimensions; at += 1) {
      likeness += (wanted[at] ?? 0) * (vector[at] ?? 0);
    }
    if (likeness >= leastLikeness) found.push({ term, likeness });
  }
  return found;
}

const unknown = new Float32Array(0);

function vectorOf(word: string, table: WordVectors): Float32Array {
  const number = table.numberOf(word);
  if (number === -1) return unknown;
  const start = number * wordDimensions;
  const vector = Float32Array.from(table.vectors.subarray(start, start + wordDimensions));
  const length = Math.sqrt(vector.reduce((sum, one) => sum + one * one, 0));
  return length === 0 ? unknown : vector.map((one) => one / length);
}
