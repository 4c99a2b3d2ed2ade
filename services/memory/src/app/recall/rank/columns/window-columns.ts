import type { UserIndex } from '../../index/user-index.ts';
import type { AskedWord, Question } from '../read-question.ts';
import { type Surroundings, toPassages } from '../surroundings.ts';
import { add, type Column, type Columns, sumOf } from './column.ts';

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
export function windowColumns(
  index: UserIndex,
  surroundings: Surroundings,
  { words }: Question,
): Columns {
  const total = Math.max(1, sumOf(words.map(({ idf }) => idf)));
  const having = words.map((word) => ({
    units: unitsWith(index, surroundings, word),
    share: word.idf / total,
  }));
  return Object.fromEntries(
    Object.entries(spans).map(([name, span]) => {
      const column = new Float32Array(index.units.length);
      const reach = { index, places: surroundings.places, span, seen: seenBefore(column.length) };
      for (const word of having) addReached(column, word, reach);
      return [name, toPassages(surroundings, column)];
    }),
  );
}

function unitsWith(
  index: UserIndex,
  { unitOf }: Surroundings,
  { terms }: AskedWord,
): ReadonlySet<number> {
  const units = new Set<number>();
  for (const term of terms) {
    for (const passage of index.postings[term]?.passages ?? []) units.add(unitOf[passage] ?? -1);
  }
  return units;
}

/** Tells for each word in turn whether a unit was there already, without clearing anything between. */
function seenBefore(count: number) {
  const stamps = new Uint8Array(count);
  let stamp = 0;
  return {
    next: () => {
      stamp += 1;
    },
    has(unit: number): boolean {
      if (stamps[unit] === stamp) return true;
      stamps[unit] = stamp;
      return false;
    },
  };
}

/** Adds a word's share to all units in whose span one of those with the word is, once to each. */
function addReached(
  column: Column,
  { share, units }: { readonly units: ReadonlySet<number>; readonly share: number },
  reach: {
    readonly index: UserIndex;
    readonly places: Int32Array;
    readonly span: readonly [number, number];
    readonly seen: ReturnType<typeof seenBefore>;
  },
): void {
  const { index, places, seen } = reach;
  const [before, after] = reach.span;
  seen.next();
  for (const unit of units) {
    if (!seen.has(unit)) add(column, unit, share);
    const talk = index.talks[index.units[unit]?.conversation ?? -1];
    if (talk === undefined || talk.id === null) continue;
    const place = places[unit] ?? 0;
    for (let step = -after; step <= before; step += 1) {
      const near = talk.units[place + step];
      if (near !== undefined && !seen.has(near)) add(column, near, share);
    }
  }
}
