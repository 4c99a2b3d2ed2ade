import { meaningOf, type WordVectors } from '@mosaic/word-vectors';
import { splitWords } from './text/split-words.ts';

/** Languages whose words the built-in table knows; short texts without a language are taken for English. */
const known = new Set(['en', 'und']);

/**
 * The built-in static vector of a text in one byte a number: the weighted sum of its words' vectors.
 * Null where the table does not know the language or any of the words.
 */
export function staticMeaning(
  text: string,
  language: string,
  table: WordVectors,
): Int8Array | null {
  if (!known.has(language)) return null;
  const words = splitWords(text).map(({ word }) => word);
  const meaning = meaningOf(words, table);
  if (meaning === null) return null;
  const largest = meaning.reduce((most, one) => Math.max(most, Math.abs(one)), 0);
  return Int8Array.from(meaning, (one) => Math.round((one / largest) * 127));
}
