import type { UserIndex } from '../../index/user-index.ts';
import { besideUnits, bestOfUnits, type Surroundings, toPassages } from '../surroundings.ts';
import { type Column, type Columns, largest, scaled } from './column.ts';

/** The built-in vectors of all passages in one piece, so that comparing runs through memory in order. */
export interface Directions {
  readonly width: number;
  readonly vectors: Int8Array;
  /** 1 divided by the length of each; 0 where a passage has none. */
  readonly scales: Float64Array;
}

export function directionsOf({ passages }: UserIndex): Directions {
  const width = passages.find(({ meaning }) => meaning !== null)?.meaning?.length ?? 0;
  const vectors = new Int8Array(passages.length * width);
  const scales = new Float64Array(passages.length);
  for (const [number, { meaning }] of passages.entries()) {
    if (meaning === null) continue;
    vectors.set(meaning, number * width);
    const length = Math.sqrt(meaning.reduce((sum, one) => sum + one * one, 0));
    scales[number] = length === 0 ? 0 : 1 / length;
  }
  return { width, vectors, scales };
}

/** How alike passages and a question are by the built-in word vectors: of every row, none left out. */
export function meaningColumns(
  directions: Directions,
  surroundings: Surroundings,
  meaning: Float64Array | null,
): Columns {
  const cosine = cosines(directions, meaning);
  const units = bestOfUnits(surroundings, cosine);
  const at = (steps: number) => toPassages(surroundings, besideUnits(surroundings, units, steps));
  return {
    meaning: cosine,
    meaningMax: scaled(cosine, largest(cosine)),
    meaningBefore: at(-1),
    meaningAfter: at(1),
  };
}

/** Cosines with a direction of length 1; 0 where one is missing. */
function cosines({ scales, vectors, width }: Directions, meaning: Float64Array | null): Column {
  const column = new Float32Array(scales.length);
  if (meaning === null) return column;
  for (let number = 0; number < column.length; number += 1) {
    const from = number * width;
    let product = 0;
    for (let at = 0; at < width; at += 1) product += (vectors[from + at] ?? 0) * (meaning[at] ?? 0);
    column[number] = product * (scales[number] ?? 0);
  }
  return column;
}
