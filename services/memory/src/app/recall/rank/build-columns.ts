import type { UserIndex } from '../index/user-index.ts';
import { type Column, type Columns, scaled, sumOf } from './columns/column.ts';
import { contextColumns } from './columns/context-columns.ts';
import { ageColumns, dateColumns } from './columns/date-columns.ts';
import { markColumns } from './columns/mark-columns.ts';
import { meaningColumns } from './columns/meaning-columns.ts';
import { talkColumns } from './columns/talk-columns.ts';
import { windowColumns } from './columns/window-columns.ts';
import { wordColumns } from './columns/word-columns.ts';
import { feedbackTerms } from './feedback-terms.ts';
import type { Question } from './read-question.ts';
import type { RelatedTerms } from './related-terms.ts';
import { scoreWords } from './score-words.ts';
import type { Surroundings } from './surroundings.ts';

/** An index with what ranking derives from it once. */
export interface RankedIndex {
  readonly index: UserIndex;
  readonly surroundings: Surroundings;
  readonly related: RelatedTerms;
}

/**
 * Everything that ranking knows of all passages of an index for a question. `likenesses`: by an
 * embedding model, in deviations above the usual.
 */
export function buildColumns(
  { index, surroundings, related }: RankedIndex,
  question: Question,
  likenesses?: Column,
): Columns {
  const words = wordColumns(index, question, related);
  const first = {
    ...words,
    ...contextColumns(index, surroundings, words),
    ...windowColumns(index, question),
    ...talkColumns(index, question, words.own),
  };
  return {
    ...first,
    feedback: feedbackColumn(index, question, first),
    ...meaningColumns(index, surroundings, question.meaning),
    ...markColumns(index, question, words),
    ...dateColumns(index, question),
    ...ageColumns(index),
    ...(likenesses !== undefined && { embedding: likenesses }),
  };
}

/** A second look with the words of the first hits: what belongs to the same matter in other words. */
function feedbackColumn(index: UserIndex, question: Question, first: Columns): Column {
  const terms = feedbackTerms(index, question, first);
  return scaled(scoreWords(index, terms), sumOf(terms.map(({ weight }) => weight)));
}
