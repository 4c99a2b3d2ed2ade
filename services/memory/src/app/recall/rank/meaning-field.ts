import type { UserIndex } from '../index/user-index.ts';
import type { Column } from './columns/column.ts';
import { besideUnits, type Surroundings } from './surroundings.ts';

/** The built-in vectors of all passages in one piece, so that comparing runs through memory in order. */
export interface Directions {
  readonly width: number;
  readonly vectors: Int8Array;
  /** 1 divided by the length of each; 0 where a passage has none. */
  readonly scales: Float64Array;
}

/**
 * What a user's texts have in common, and how far each is from it. With it, likeness to a question can
 * be told without the common part from the plain products alone, so that nothing is compared twice.
 */
export interface Centre {
  /** The usual direction, drawn to nothing while there are few texts. */
  readonly usual: Float64Array;
  /** Product of each direction with the usual one. */
  readonly products: Float64Array;
  /** 1 divided by the distance of each from the usual one; 0 where there is no direction. */
  readonly scales: Float64Array;
}

/** Where the texts of a user stand in the space of the built-in vectors. */
export interface MeaningField extends Directions {
  /** Of passages. */
  readonly centre: Centre;
  /** Of units with those beside them. */
  readonly around: Centre;
  /** 1 divided by the length of the sum of each unit's pieces. */
  readonly unitScales: Float64Array;
  /** 1 divided by the length of each unit's sum with those beside it. */
  readonly aroundScales: Float64Array;
}

/** What the message before and the one after are worth beside a message. */
export const besideShare = 0.6;
/** So many texts have to agree on what is usual before half of it is believed. */
const believedFrom = 20;

export function directionsOf({ passages }: UserIndex): Directions {
  const width = passages.find(({ meaning }) => meaning !== null)?.meaning?.length ?? 0;
  const vectors = new Int8Array(passages.length * width);
  const scales = new Float64Array(passages.length);
  for (const [number, { meaning }] of passages.entries()) {
    if (meaning === null) continue;
    vectors.set(meaning, number * width);
    let squares = 0;
    for (let at = 0; at < width; at += 1) squares += (meaning[at] ?? 0) ** 2;
    scales[number] = squares === 0 ? 0 : 1 / Math.sqrt(squares);
  }
  return { width, vectors, scales };
}

export function meaningFieldOf(index: UserIndex, surroundings: Surroundings): MeaningField {
  const directions = directionsOf(index);
  const { scales, width } = directions;
  const passages = rowsOf(directions);
  const units = new Float32Array(index.units.length * width);
  for (const [passage, unit] of surroundings.unitOf.entries()) {
    addRow(units, unit, { rows: passages, row: passage, width, share: 1 });
  }
  const unitScales = toLengthOne(units, width);
  const around = withBeside(units, surroundings, width);
  const aroundScales = toLengthOne(around, width);
  return {
    ...directions,
    centre: centreOf(passages, scales, width),
    around: centreOf(around, aroundScales, width),
    unitScales,
    aroundScales,
  };
}

/** The vectors with length 1. */
function rowsOf({ scales, vectors, width }: Directions): Float32Array {
  const rows = new Float32Array(vectors.length);
  // Plain loops: a function for each number measured ten times as long.
  for (const [row, scale] of scales.entries()) {
    for (let at = row * width; at < (row + 1) * width; at += 1)
      rows[at] = (vectors[at] ?? 0) * scale;
  }
  return rows;
}

function withBeside(units: Float32Array, surroundings: Surroundings, width: number): Float32Array {
  const around = Float32Array.from(units);
  for (const steps of [-1, 1]) {
    for (const [unit, beside] of surroundings.at(steps).entries()) {
      if (beside === -1) continue;
      addRow(around, unit, { rows: units, row: beside, width, share: besideShare });
    }
  }
  return around;
}

interface AddedRow {
  readonly rows: Float32Array;
  readonly row: number;
  readonly width: number;
  readonly share: number;
}

function addRow(to: Float32Array, at: number, { rows, row, share, width }: AddedRow): void {
  for (let place = 0; place < width; place += 1) {
    const into = at * width + place;
    to[into] = (to[into] ?? 0) + share * (rows[row * width + place] ?? 0);
  }
}

/** Makes every row of length 1, where it has one; answers what each was multiplied with. */
function toLengthOne(rows: Float32Array, width: number): Float64Array {
  const scales = new Float64Array(width === 0 ? 0 : rows.length / width);
  for (let row = 0; row < scales.length; row += 1) {
    let squares = 0;
    for (let at = row * width; at < (row + 1) * width; at += 1) squares += (rows[at] ?? 0) ** 2;
    const scale = squares === 0 ? 0 : 1 / Math.sqrt(squares);
    scales[row] = scale;
    for (let at = row * width; at < (row + 1) * width; at += 1) rows[at] = (rows[at] ?? 0) * scale;
  }
  return scales;
}

/** Of rows of length 1; those whose scale is 0 have no direction. */
function centreOf(rows: Float32Array, known: Float64Array, width: number): Centre {
  const usual = new Float64Array(width);
  const share = 1 / (known.length + believedFrom);
  for (let row = 0; row < known.length; row += 1) {
    for (let at = 0; at < width; at += 1) {
      usual[at] = (usual[at] ?? 0) + share * (rows[row * width + at] ?? 0);
    }
  }
  const usualSquares = usual.reduce((sum, one) => sum + one * one, 0);
  const products = new Float64Array(known.length);
  const scales = new Float64Array(known.length);
  for (let row = 0; row < known.length; row += 1) {
    let product = 0;
    for (let at = 0; at < width; at += 1) {
      product += (rows[row * width + at] ?? 0) * (usual[at] ?? 0);
    }
    products[row] = product;
    const squares = 1 - 2 * product + usualSquares;
    scales[row] = known[row] === 0 || squares <= 0 ? 0 : 1 / Math.sqrt(squares);
  }
  return { usual, products, scales };
}

/** Cosines with a direction of length 1; 0 where one is missing. */
export function cosines(
  { scales, vectors, width }: Directions,
  meaning: Float64Array | null,
): Column {
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

/** Cosines after what is usual has been taken from both sides; from the cosines before that. */
export function withoutUsual(
  cosine: Column,
  { products, scales, usual }: Centre,
  meaning: Float64Array,
): Column {
  let [shared, usualSquares, distance] = [0, 0, 0];
  for (const [at, common] of usual.entries()) {
    const asked = meaning[at] ?? 0;
    shared += asked * common;
    usualSquares += common * common;
    distance += (asked - common) ** 2;
  }
  const scale = distance === 0 ? 0 : 1 / Math.sqrt(distance);
  return cosine.map((one, at) => {
    const product = one - (products[at] ?? 0) - shared + usualSquares;
    return product * scale * (scales[at] ?? 0);
  });
}

/** Cosines of units with those beside them, from the cosines of their pieces. */
export function aroundCosines(
  field: MeaningField,
  surroundings: Surroundings,
  cosine: Column,
): Column {
  const units = new Float32Array(field.unitScales.length);
  for (const [passage, unit] of surroundings.unitOf.entries()) {
    units[unit] = (units[unit] ?? 0) + (cosine[passage] ?? 0) * (field.unitScales[unit] ?? 0);
  }
  const before = besideUnits(surroundings, units, -1);
  const after = besideUnits(surroundings, units, 1);
  return units.map((one, unit) => {
    const beside = besideShare * ((before[unit] ?? 0) + (after[unit] ?? 0));
    return (one + beside) * (field.aroundScales[unit] ?? 0);
  });
}
