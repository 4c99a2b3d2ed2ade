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
  const vocabulary = new TermVectors(table);
  const known = new Map<
    string,
    { readonly found: WeightedTerms['terms']; readonly upTo: number }
  >();
  return (word) => {
    vocabulary.take(index.vocabulary.forms);
    const before = known.get(word);
    if (before !== undefined && before.upTo === vocabulary.count) return before.found;
    const wanted = directionOf(word, table);
    const news = wanted === null ? [] : vocabulary.alike(wanted, before?.upTo ?? 0);
    const found = [...(before?.found ?? []), ...news]
      .sort((left, right) => right.likeness - left.likeness)
      .slice(0, mostRelated);
    known.set(word, { found, upTo: vocabulary.count });
    return found;
  };
}

/** The vectors of those terms of a user that the table knows, in one piece of memory. */
class TermVectors {
  /** How many of them there are; a term without a vector does not count. */
  count = 0;
  readonly #table: WordVectors;
  #taken = 0;
  #terms = new Int32Array(256);
  #vectors = new Float32Array(256 * wordDimensions);

  constructor(table: WordVectors) {
    this.#table = table;
  }

  take(forms: readonly string[]): void {
    for (; this.#taken < forms.length; this.#taken += 1) {
      const direction = directionOf(forms[this.#taken] ?? '', this.#table);
      if (direction === null) continue;
      if (this.count === this.#terms.length) this.#grow();
      this.#terms[this.count] = this.#taken;
      this.#vectors.set(direction, this.count * wordDimensions);
      this.count += 1;
    }
  }

  alike(wanted: Float32Array, from: number): { term: number; likeness: number }[] {
    const found: { term: number; likeness: number }[] = [];
    for (let at = from; at < this.count; at += 1) {
      const likeness = product(wanted, this.#vectors, at * wordDimensions);
      if (likeness >= leastLikeness) found.push({ term: this.#terms[at] ?? -1, likeness });
    }
    return found;
  }

  #grow(): void {
    const terms = new Int32Array(this.#terms.length * 2);
    terms.set(this.#terms);
    const vectors = new Float32Array(this.#vectors.length * 2);
    vectors.set(this.#vectors);
    [this.#terms, this.#vectors] = [terms, vectors];
  }
}

/** Four sums at a time: one alone waits for itself, which measured three times as long. */
function product(left: Float32Array, rights: Float32Array, from: number): number {
  let [first, second, third, fourth] = [0, 0, 0, 0];
  for (let at = 0; at < wordDimensions; at += 4) {
    const right = from + at;
    first += (left[at] ?? 0) * (rights[right] ?? 0);
    second += (left[at + 1] ?? 0) * (rights[right + 1] ?? 0);
    third += (left[at + 2] ?? 0) * (rights[right + 2] ?? 0);
    fourth += (left[at + 3] ?? 0) * (rights[right + 3] ?? 0);
  }
  return first + second + third + fourth;
}

/** Of length 1; null for a word that the table does not know. */
function directionOf(word: string, table: WordVectors): Float32Array | null {
  const number = table.numberOf(word);
  if (number === -1) return null;
  const start = number * wordDimensions;
  const vector = Float32Array.from(table.vectors.subarray(start, start + wordDimensions));
  const length = Math.sqrt(vector.reduce((sum, one) => sum + one * one, 0));
  return length === 0 ? null : vector.map((one) => one / length);
}
