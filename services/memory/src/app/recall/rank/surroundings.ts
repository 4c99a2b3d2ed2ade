import type { UserIndex } from '../index/user-index.ts';
import type { Column } from './columns/column.ts';

/** Where everything stands: derived from an index once, so that no question has to look it up. */
export interface Surroundings {
  /** The unit of each passage. */
  readonly unitOf: Int32Array;
  /** The conversation of each unit. */
  readonly talkOf: Int32Array;
  /** The place of each unit in its conversation, from 0. */
  readonly places: Int32Array;
  /** For every unit, the one so many steps after it in its conversation, or -1; -2 to 2, without 0. */
  at(steps: number): Int32Array;
}

export function surroundingsOf(index: UserIndex): Surroundings {
  const { passages, talks, units } = index;
  const places = new Int32Array(units.length);
  const neighbours = new Map([-2, -1, 1, 2].map((steps) => [steps, none(units.length)]));
  for (const talk of talks) {
    for (const [place, unit] of talk.units.entries()) {
      places[unit] = place;
      if (talk.id === null) continue;
      for (const [steps, column] of neighbours) column[unit] = talk.units[place + steps] ?? -1;
    }
  }
  const nowhere = none(units.length);
  return {
    unitOf: Int32Array.from(passages, ({ unit }) => unit),
    talkOf: Int32Array.from(units, ({ conversation }) => conversation),
    places,
    at: (steps) => neighbours.get(steps) ?? nowhere,
  };
}

function none(count: number): Int32Array<ArrayBuffer> {
  return new Int32Array(count).fill(-1);
}

/** The best value among the pieces of each unit. */
export function bestOfUnits({ talkOf, unitOf }: Surroundings, column: Column): Column {
  const best = new Float32Array(talkOf.length);
  for (let passage = 0; passage < unitOf.length; passage += 1) {
    const unit = unitOf[passage] ?? 0;
    const value = column[passage] ?? 0;
    if (value > (best[unit] ?? 0)) best[unit] = value;
  }
  return best;
}

/** Gives every passage the value of its unit. */
export function toPassages({ unitOf }: Surroundings, units: Column): Column {
  const column = new Float32Array(unitOf.length);
  for (let passage = 0; passage < unitOf.length; passage += 1) {
    column[passage] = units[unitOf[passage] ?? 0] ?? 0;
  }
  return column;
}

/** The value of the unit that stands so many steps after each; 0 where there is none. */
export function besideUnits(surroundings: Surroundings, units: Column, steps: number): Column {
  const beside = surroundings.at(steps);
  const column = new Float32Array(units.length);
  for (let unit = 0; unit < units.length; unit += 1) {
    column[unit] = units[beside[unit] ?? -1] ?? 0;
  }
  return column;
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
