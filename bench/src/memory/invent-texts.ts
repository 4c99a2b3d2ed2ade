import { readFileSync } from 'node:fs';
import { wordVectorsFile } from '@mosaic/word-vectors';

/** The word list comes with the word vectors: the most frequent words first. */
const words = readFileSync(wordVectorsFile)
  .subarray(8 + 40_000 * 104)
  .toString('latin1')
  .split('\n')
  .slice(0, 12_000);

/** The same numbers from 0 to 1 for the same seed (mulberry32). */
export function seededNumbers(seed: number): () => number {
  let state = seed >>> 0;
  return () => {
    state = (state + 0x6d2b79f5) >>> 0;
    let mixed = Math.imul(state ^ (state >>> 15), state | 1);
    mixed ^= mixed + Math.imul(mixed ^ (mixed >>> 7), mixed | 61);
    return ((mixed ^ (mixed >>> 14)) >>> 0) / 4_294_967_296;
  };
}

/** A sentence of so many words, frequent ones more often, as in speech. */
export function inventText(random: () => number, length: number): string {
  const chosen = Array.from({ length }, () => {
    const rank = Math.floor(words.length ** random());
    return words[Math.min(words.length - 1, rank)] ?? 'word';
  });
  return `${chosen.join(' ')}.`;
}
