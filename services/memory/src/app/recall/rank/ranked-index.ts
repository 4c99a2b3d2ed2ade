import type { WordVectors } from '@mosaic/word-vectors';
import type { Passage } from '../index/passage.ts';
import { makeUserIndex, type UserIndex } from '../index/user-index.ts';
import type { Columns } from './columns/column.ts';
import { afterQuestions } from './columns/context-columns.ts';
import { ageColumns } from './columns/date-columns.ts';
import { formsOf, type PassageForms } from './columns/mark-columns.ts';
import { type MeaningField, meaningFieldOf } from './meaning-field.ts';
import { namedShareOf, shippedRanker, type Weights, weightsFor } from './ranker.ts';
import { type RelatedTerms, relateTerms } from './related-terms.ts';
import { type Surroundings, surroundingsOf } from './surroundings.ts';

/** An index with what ranking derives from it once, so that a question costs only what is its own. */
export interface RankedIndex {
  readonly index: UserIndex;
  readonly related: RelatedTerms;
  readonly surroundings: Surroundings;
  readonly field: MeaningField;
  readonly forms: PassageForms;
  /** Columns that are the same whatever is asked. */
  readonly fixed: Columns;
  /** What each column counts among what this person has said. */
  readonly weights: Weights;
}

/** An index without passages. */
export function emptyRankedIndex(table: WordVectors): RankedIndex {
  const index = makeUserIndex();
  return { index, related: relateTerms(index, table), ...derive(index) };
}

/** Takes passages into an index, and answers with what follows from it now. */
export function withPassages(
  { index, related }: RankedIndex,
  passages: readonly Passage[],
): RankedIndex {
  index.add(passages);
  return { index, related, ...derive(index) };
}

function derive(index: UserIndex): Omit<RankedIndex, 'index' | 'related'> {
  const surroundings = surroundingsOf(index);
  const forms = formsOf(index);
  return {
    surroundings,
    forms,
    weights: weightsFor(shippedRanker, namedShareOf(index)),
    field: meaningFieldOf(index, surroundings),
    fixed: {
      ...forms.columns,
      ...ageColumns(index, surroundings),
      afterQuestion: afterQuestions(index, surroundings),
    },
  };
}
