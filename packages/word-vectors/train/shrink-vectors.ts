import { type WordVectors, wordDimensions } from '../src/decode-table.ts';

/** So many words; those beyond are too rare to be met in training. */
const mostWords = 40_000;

/** Words as the classifier cuts them; those with hyphens or accents would never be looked up. */
const isWord = (word: string) => /^[a-z]+$/.test(word);

/**
 * The most frequent of `all` (which begins with them) in small whole numbers with one scale a word.
 * Their common mean is taken out: it is in every sum and says nothing.
 */
export function shrinkVectors(
  all: readonly string[],
  vectorOf: (word: string) => readonly number[] | undefined,
): Pick<WordVectors, 'vectors' | 'scales'> & { readonly words: readonly string[] } {
  const words = all.filter(isWord).slice(0, mostWords);
  const exact = words.map((word) => (vectorOf(word) ?? []).slice(0, wordDimensions));
  const mean = Array.from(
    { length: wordDimensions },
    (_, at) => exact.reduce((sum, vector) => sum + (vector[at] ?? 0), 0) / words.length,
  );
  const vectors = new Int8Array(words.length * wordDimensions);
  const scales = new Float32Array(words.length);
  for (const [rank, vector] of exact.entries()) {
    const centred = mean.map((middle, at) => (vector[at] ?? 0) - middle);
    const largest = Math.max(1e-9, ...centred.map(Math.abs));
    vectors.set(
      centred.map((value) => Math.round((value / largest) * 127)),
      rank * wordDimensions,
    );
    scales[rank] = (largest / 127) * weightOf(rank);
  }
  return { words, vectors, scales };
}

/** Smooth inverse frequency, with the rank in place of the frequency: "the" says next to nothing. */
function weightOf(rank: number): number {
  return 1 / (1 + 400 / (rank + 20));
}
