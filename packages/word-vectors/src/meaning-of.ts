import { type WordVectors, wordDimensions } from './decode-table.ts';

/** The places of words in the table, for what looks at them several times; -1 for unknown ones. */
export function numbersOf(words: readonly string[], table: WordVectors): Int32Array {
  const numbers = new Int32Array(words.length);
  for (let at = 0; at < words.length; at += 1) numbers[at] = table.numberOf(words[at] ?? '');
  return numbers;
}

/**
 * The direction in which words point together, `length` long; null when the table knows none of
 * them. Words are lower case, or their places in the table. It tells what a text is about where its
 * words were never seen together.
 */
export function meaningOf(
  words: readonly string[] | Int32Array,
  table: WordVectors,
  length = 1,
): Float64Array | null {
  const sum = new Float64Array(wordDimensions);
  addMeanings(sum, words instanceof Int32Array ? words : numbersOf(words, table), table);
  return directionOf(sum, length);
}

/** Adds where the words of these places stand to `sum`, which has `wordDimensions` numbers. */
export function addMeanings(sum: Float64Array, numbers: Int32Array, table: WordVectors): void {
  const { scales, vectors } = table;
  for (const number of numbers) {
    if (number === -1) continue;
    const scale = scales[number] ?? 0;
    const start = number * wordDimensions;
    for (let at = 0; at < wordDimensions; at += 1) {
      sum[at] = (sum[at] ?? 0) + scale * (vectors[start + at] ?? 0);
    }
  }
}

/** The direction of a sum, `length` long; null where nothing was added. */
export function directionOf(sum: Float64Array, length: number): Float64Array | null {
  let squares = 0;
  for (const one of sum) squares += one * one;
  const norm = Math.sqrt(squares);
  if (norm === 0) return null;
  const direction = new Float64Array(sum.length);
  for (let at = 0; at < sum.length; at += 1) direction[at] = ((sum[at] ?? 0) * length) / norm;
  return direction;
}
