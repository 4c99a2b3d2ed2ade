import { type WordVectors, wordDimensions } from './decode-table.ts';

/** The places of words in the table, for what looks at them several times; -1 for unknown ones. */
export function numbersOf(words: readonly string[], table: WordVectors): Int32Array {
  const numbers = new Int32Array(words.length);
  for (const [at, word] of words.entries()) numbers[at] = table.numberOf(word);
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
  for (const number of words instanceof Int32Array ? words : numbersOf(words, table)) {
    if (number === -1) continue;
    const scale = table.scales[number] ?? 0;
    const start = number * wordDimensions;
    for (let at = 0; at < wordDimensions; at += 1) {
      sum[at] = (sum[at] ?? 0) + scale * (table.vectors[start + at] ?? 0);
    }
  }
  const norm = Math.sqrt(sum.reduce((total, one) => total + one * one, 0));
  return norm === 0 ? null : sum.map((one) => (one * length) / norm);
}
