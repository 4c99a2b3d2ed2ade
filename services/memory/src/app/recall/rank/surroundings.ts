import type { UserIndex } from '../index/user-index.ts';
import type { Column } from './columns/column.ts';

/** For every unit, the units before and after it in its conversation, or -1. */
export interface Surroundings {
  /** `steps` from -2 to 2, without 0. */
  at(steps: number): Int32Array;
}

export function surroundingsOf(index: UserIndex): Surroundings {
  const neighbours = new Map<number, Int32Array>();
  for (const steps of [-2, -1, 1, 2]) {
    const column = new Int32Array(index.units.length).fill(-1);
    for (const talk of index.talks) {
      if (talk.id === null) continue;
      for (const [place, unit] of talk.units.entries()) {
        column[unit] = talk.units[place + steps] ?? -1;
      }
    }
    neighbours.set(steps, column);
  }
  const none = new Int32Array(index.units.length).fill(-1);
  return { at: (steps) => neighbours.get(steps) ?? none };
}

/** The best value among the pieces of each unit. */
export function bestOfUnits(index: UserIndex, column: Column): Column {
  const best = new Float32Array(index.units.length);
  for (const [number, passage] of index.passages.entries()) {
    best[passage.unit] = Math.max(best[passage.unit] ?? 0, column[number] ?? 0);
  }
  return best;
}

/** Gives every passage a value of its unit. */
export function toPassages(index: UserIndex, read: (unit: number) => number): Column {
  const perUnit = Float32Array.from(index.units, (_, unit) => read(unit));
  return Float32Array.from(index.passages, ({ unit }) => perUnit[unit] ?? 0);
}

/** What stands near each unit, weighing less with every step; the unit itself left out. */
export function smoothed(index: UserIndex, units: Column, fade: number): Column {
  const result = new Float32Array(units.length);
  for (const { units: order, id } of index.talks) {
    if (id === null) continue;
    sweepAlong(order, units, { result, fade });
    sweepAlong(order.toReversed(), units, { result, fade });
  }
  return result;
}

function sweepAlong(
  order: readonly number[],
  units: Column,
  { result, fade }: { readonly result: Column; readonly fade: number },
): void {
  let carried = 0;
  for (const unit of order) {
    result[unit] = (result[unit] ?? 0) + carried;
    carried = (carried + (units[unit] ?? 0)) * fade;
  }
}
