import type { UserIndex } from '../../index/user-index.ts';
import { bestOfUnits, type Surroundings, toPassages } from '../surroundings.ts';
import { type Columns, largest, scaled } from './column.ts';

/** How alike passages and a question are by the built-in word vectors: of every row, none left out. */
export function meaningColumns(
  index: UserIndex,
  surroundings: Surroundings,
  meaning: Float64Array | null,
): Columns {
  const cosine = Float32Array.from(index.passages, (passage) => likeness(passage.meaning, meaning));
  const units = bestOfUnits(index, cosine);
  const at = (steps: number) => {
    const beside = surroundings.at(steps);
    return toPassages(index, (unit) => units[beside[unit] ?? -1] ?? 0);
  };
  return {
    meaning: cosine,
    meaningMax: scaled(cosine, largest(cosine)),
    meaningBefore: at(-1),
    meaningAfter: at(1),
  };
}

/** The cosine of two directions, of which the second has length 1; 0 where one is missing. */
function likeness(vector: Int8Array | null, meaning: Float64Array | null): number {
  if (vector === null || meaning === null) return 0;
  let product = 0;
  let length = 0;
  for (let at = 0; at < meaning.length; at += 1) {
    const one = vector[at] ?? 0;
    product += one * (meaning[at] ?? 0);
    length += one * one;
  }
  return length === 0 ? 0 : product / Math.sqrt(length);
}
