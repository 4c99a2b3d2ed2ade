import type { UserIndex } from '../../index/user-index.ts';
import type { AskedWord, Question } from '../read-question.ts';
import { toPassages } from '../surroundings.ts';
import { add, type Columns, sumOf } from './column.ts';

/** Messages that are read as one: so many before, and so many after. */
const spans: Readonly<Record<string, readonly [before: number, after: number]>> = {
  window2: [1, 0],
  window3: [1, 1],
  window5: [2, 2],
  window9: [4, 4],
};

/**
 * The share of the question's weight that a message has together with those around it: "Where do you
 * run?" and "By the lake." answer only together.
 */
export function windowColumns(index: UserIndex, { words }: Question): Columns {
  const total = Math.max(1, sumOf(words.map(({ idf }) => idf)));
  const places = placesOf(index);
  const having = words.map((word) => ({ units: unitsWith(index, word), share: word.idf / total }));
  return Object.fromEntries(
    Object.entries(spans).map(([name, span]) => {
      const column = new Float32Array(index.units.length);
      for (const { units, share } of having) {
        for (const unit of within(index, units, { places, span })) add(column, unit, share);
      }
      return [name, toPassages(index, (unit) => column[unit] ?? 0)];
    }),
  );
}

function unitsWith(index: UserIndex, { terms }: AskedWord): ReadonlySet<number> {
  const units = new Set<number>();
  for (const term of terms) {
    for (const passage of index.postings[term]?.passages ?? []) {
      units.add(index.passages[passage]?.unit ?? -1);
    }
  }
  return units;
}

/** All units in whose span one of `units` is. */
function within(
  index: UserIndex,
  units: ReadonlySet<number>,
  { places, span }: { readonly places: Int32Array; readonly span: readonly [number, number] },
): ReadonlySet<number> {
  const reached = new Set<number>(units);
  const [before, after] = span;
  for (const unit of units) {
    const talk = index.talks[index.units[unit]?.conversation ?? -1];
    if (talk === undefined || talk.id === null) continue;
    const place = places[unit] ?? 0;
    for (let step = -after; step <= before; step += 1) {
      const near = talk.units[place + step];
      if (near !== undefined) reached.add(near);
    }
  }
  return reached;
}

/** Where each unit stands in its conversation. */
function placesOf(index: UserIndex): Int32Array {
  const places = new Int32Array(index.units.length);
  for (const { units } of index.talks) {
    for (const [place, unit] of units.entries()) places[unit] = place;
  }
  return places;
}
