import type { UserIndex } from '../../index/user-index.ts';
import {
  besideUnits,
  bestOfUnits,
  type Surroundings,
  smoothed,
  toPassages,
} from '../surroundings.ts';
import type { Column, Columns } from './column.ts';

/** How much a message loses as context with every step away from it. */
const fade = 0.7;

/** What stands around a passage in its conversation. */
export function contextColumns(
  index: UserIndex,
  surroundings: Surroundings,
  { own, soft }: { readonly own: Column; readonly soft: Column },
): Columns {
  const units = bestOfUnits(surroundings, own);
  const softUnits = bestOfUnits(surroundings, soft);
  const spread = (column: Column) => toPassages(surroundings, column);
  const at = (column: Column, steps: number) => besideUnits(surroundings, column, steps);
  const asked = questionUnits(index);
  return {
    before: spread(at(units, -1)),
    after: spread(at(units, 1)),
    before2: spread(at(units, -2)),
    after2: spread(at(units, 2)),
    softBefore: spread(at(softUnits, -1)),
    softAfter: spread(at(softUnits, 1)),
    near: spread(smoothed(index, units, fade)),
    unit: spread(units),
    // The message before is a question that has the words: this may be its answer.
    answers: spread(
      at(
        units.map((value, unit) => value * (asked[unit] ?? 0)),
        -1,
      ),
    ),
  };
}

/** Whether the message before is a question; the same whatever is asked. */
export function afterQuestions(index: UserIndex, surroundings: Surroundings): Column {
  return toPassages(surroundings, besideUnits(surroundings, questionUnits(index), -1));
}

function questionUnits(index: UserIndex): Column {
  const asked = new Float32Array(index.units.length);
  for (const { unit, marks } of index.passages) if (marks.hasQuestion) asked[unit] = 1;
  return asked;
}
