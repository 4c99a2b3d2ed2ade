import type { IndexedPassage } from '../../index/passage.ts';
import type { UserIndex } from '../../index/user-index.ts';
import type { AskedWord, Question } from '../read-question.ts';
import type { RelatedTerms } from '../related-terms.ts';
import { bestOccurrences, scoreWords, type WeightedTerms } from '../score-words.ts';
import { add, type Column, type Columns, largest, scaled, sumOf } from './column.ts';

/** The words of a passage itself: as they are, and by words that mean nearly the same. */
export function wordColumns(
  index: UserIndex,
  { words }: Question,
  related: RelatedTerms,
): Columns & { readonly own: Column; readonly soft: Column } {
  const total = Math.max(1, sumOf(words.map(({ idf }) => idf)));
  const exact = words.map(asAsked);
  const wide = words.map((word) => withRelated(word, related));
  const named = words
    .filter(({ isName }) => isName)
    .map((word) => ({ ...asAsked(word), weight: 1 }));
  const own = scoreWords(index, exact);
  return {
    own: scaled(own, total),
    ownMax: scaled(own, largest(own)),
    soft: scaled(scoreWords(index, wide), total),
    coverage: coverage(index, exact),
    softCover: coverage(index, wide),
    pair: pairs(index, words),
    name: scoreWords(index, named),
  };
}

function asAsked({ terms, idf }: AskedWord): WeightedTerms {
  return { terms: terms.map((term) => ({ term, likeness: 1 })), weight: idf };
}

function withRelated(word: AskedWord, related: RelatedTerms): WeightedTerms {
  const exact = asAsked(word);
  const others = related(word.word).filter(({ term }) => !word.terms.includes(term));
  return { ...exact, terms: [...exact.terms, ...others] };
}

/** The share of the question's weight whose words a passage has at all, however often. */
function coverage(index: UserIndex, words: readonly WeightedTerms[]): Column {
  const column = new Float32Array(index.passages.length);
  const total = Math.max(1, sumOf(words.map(({ weight }) => weight)));
  for (const { terms, weight } of words) {
    const best = bestOccurrences(index, terms, ({ likeness }) => likeness);
    for (const [passage, likeness] of best) add(column, passage, (weight * likeness) / total);
  }
  return column;
}

/** Words that stand next to each other in the question and in the passage. */
function pairs(index: UserIndex, words: readonly AskedWord[]): Column {
  const column = new Float32Array(index.passages.length);
  for (const [place, left] of words.entries()) {
    const right = words[place + 1];
    if (right === undefined) break;
    for (const term of left.terms) {
      for (const passage of index.postings[term]?.passages ?? []) {
        const isPair = areNeighbours(index.passages[passage], term, right.terms);
        if (isPair) add(column, passage, (left.idf + right.idf) / 10);
      }
    }
  }
  return column;
}

function areNeighbours(
  passage: IndexedPassage | undefined,
  term: number,
  others: readonly number[],
): boolean {
  const terms = passage?.terms ?? new Int32Array(0);
  return terms.some(
    (one, at) =>
      one === term &&
      (others.includes(terms[at + 1] ?? -1) || others.includes(terms[at - 1] ?? -1)),
  );
}
