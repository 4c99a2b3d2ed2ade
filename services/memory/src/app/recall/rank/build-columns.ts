import type { UserIndex } from '../index/user-index.ts';
import { type Column, type Columns, scaled, sumOf } from './columns/column.ts';
import { contextColumns } from './columns/context-columns.ts';
import { dateColumns } from './columns/date-columns.ts';
import { markColumns } from './columns/mark-columns.ts';
import { meaningColumns } from './columns/meaning-columns.ts';
import { talkColumns } from './columns/talk-columns.ts';
import { windowColumns } from './columns/window-columns.ts';
import { wordColumns } from './columns/word-columns.ts';
import { feedbackTerms } from './feedback-terms.ts';
import type { RankedIndex } from './ranked-index.ts';
import type { Question } from './read-question.ts';
import { scoreWords } from './score-words.ts';

/**
 * Everything that ranking knows of all passages of an index for a question. `likenesses`: by an
 * embedding model, in deviations above the usual.
 */
export function buildColumns(
  { field, fixed, forms, index, related, surroundings }: RankedIndex,
  question: Question,
  likenesses?: Column,
): Columns {
  const words = wordColumns(index, question, related);
  const first = {
    ...words,
    ...contextColumns(index, surroundings, words),
    ...windowColumns(index, surroundings, question),
    ...talkColumns(index, surroundings, { words: question.words, own: words.own }),
  };
  return {
    ...fixed,
    ...first,
    feedback: feedbackColumn(index, question, first),
    ...meaningColumns(field, surroundings, question.meaning),
    ...markColumns(index, question, { forms, ...words }),
    ...dateColumns(index, question),
    ...(likenesses !== undefined && { embedding: likenesses }),
  };
}

/** A second look with the words of the first hits: what belongs to the same matter in other words. */
function feedbackColumn(index: UserIndex, question: Question, first: Columns): Column {
  const terms = feedbackTerms(index, question, first);
  return scaled(scoreWords(index, terms), sumOf(terms.map(({ weight }) => weight)));
}
