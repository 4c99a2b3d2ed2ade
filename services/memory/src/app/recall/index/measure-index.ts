import type { UserIndex } from './user-index.ts';

/**
 * What each thing takes, in bytes, its share of maps, arrays and fixed columns included; measured by
 * the heap of Node 24 over indexes of 1,000 and 20,000 passages.
 */
const perPassage = 1_400;
/** An occurrence of a term: its number in the passage, and its place among the postings. */
const perOccurrence = 24;
/** A term: its form, its number in two maps, its postings, its vector in the built-in table. */
const perTerm = 1_100;
const perCharacter = 2;

/**
 * About how many bytes an index takes. Not passages but what is in them counts: a page of text without
 * blanks is one passage, and as large as a hundred others.
 */
export function measureIndex({ length, passages, vocabulary }: UserIndex): number {
  return (
    passages.length * perPassage +
    length * perOccurrence +
    vocabulary.forms.length * perTerm +
    vocabulary.characters * perCharacter
  );
}
