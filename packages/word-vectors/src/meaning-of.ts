import { type WordVectors, wordDimensions } from './decode-table.ts';

/**
 * The direction in which `words` point together, as a vector of length 1; null when the table knows
 * none of them. Words are lower case.
 */
export function meaningOf(words: readonly string[], table: WordVectors): Float32Array | null {
  const sum = new Float32Array(wordDimensions);
  for (const word of words) {
    const number = table.numberOf(word);
    if (number === -1) continue;
    const scale = table.scales[number] ?? 0;
    const start = number * wordDimensions;
    for (let at = 0; at < wordDimensions; at += 1) {
      sum[at] = (sum[at] ?? 0) + scale * (table.vectors[start + at] ?? 0);
    }
  }
  const length = Math.sqrt(sum.reduce((total, one) => total + one * one, 0));
  return length === 0 ? null : sum.map((one) => one / length);
}
