import type { UserIndex } from '../../index/user-index.ts';
import { bestOfUnits, type Surroundings, smoothed, toPassages } from '../surroundings.ts';
import type { Column, Columns } from './column.ts';

/** How much a message loses as context with every step away from it. */
const fade = 0.7;

/** What stands around a passage in its conversation. */
export function contextColumns(
  index: UserIndex,
  surroundings: Surroundings,
  { own, soft }: { readonly own: Column; readonly soft: Column },
): Columns {
  const units = bestOfUnits(index, own);
  const softUnits = bestOfUnits(index, soft);
  const at = (column: Column, steps: number) => {
    const beside = surroundings.at(steps);
    return toPassages(index, (unit) => column[beside[unit] ?? -1] ?? 0);
  };
  const near = smoothed(index, units, fade);
  const asked = questionUnits(index);
  const before = surroundings.at(-1);
  return {
    before: at(units, -1),
    after: at(units, 1),
    before2: at(units, -2),
    after2: at(units, 2),
    softBefore: at(softUnits, -1),
    softAfter: at(softUnits, 1),
    near: toPassages(index, (unit) => near[unit] ?? 0),
    unit: toPassages(index, (unit) => units[unit] ?? 0),
    // The message before is a question that has the words: this may be its answer.
    answers: toPassages(index, (unit) => {
      const previous = before[unit] ?? -1;
      return previous === -1 ? 0 : (asked[previous] ?? 0) * (units[previous] ?? 0);
    }),
    afterQuestion: toPassages(index, (unit) => asked[before[unit] ?? -1] ?? 0),
  };
}

function questionUnits(index: UserIndex): Column {
  const asked = new Float32Array(index.units.length);
  for (const { unit, marks } of index.passages) if (marks.hasQuestion) asked[unit] = 1;
  return asked;
}
