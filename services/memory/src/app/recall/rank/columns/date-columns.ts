import { overlap } from '../../dates/date-range.ts';
import type { IndexedPassage } from '../../index/passage.ts';
import type { UserIndex } from '../../index/user-index.ts';
import type { Question } from '../read-question.ts';
import type { Surroundings } from '../surroundings.ts';
import { type Column, type Columns, scaled } from './column.ts';

const handful = 10;

/** Whether a passage was said at the time that is asked for, or names it. */
export function dateColumns(index: UserIndex, { dates }: Question): Columns {
  const count = index.passages.length;
  const date = new Float32Array(count);
  const dateMentioned = new Float32Array(count);
  if (dates.length === 0) return { date, dateMentioned };
  const fits = (passage: IndexedPassage, from: number) =>
    passage.dates.slice(from).some((one) => dates.some((wanted) => overlap(one, wanted)));
  let found = 0;
  for (const [number, passage] of index.passages.entries()) {
    date[number] = Number(fits(passage, 0));
    dateMentioned[number] = Number(fits(passage, 1));
    found += date[number];
  }
  // A date that many passages share says less; among a handful even one that all share says much.
  const rarity = Math.max(0.01, Math.log((count + handful) / (found + 1)));
  return { date: scaled(date, 1 / rarity), dateMentioned };
}

/**
 * 1 for what was said last, 0 for what was said first: of everything a person said with an assistant,
 * of everything that named people said to each other, and within each conversation. Benchmarks ask
 * mostly for what was told first; that may teach where in a talk to look, but not that what somebody
 * said last year is better than what he said today, so `recency` is not learnt from them.
 */
export function ageColumns(index: UserIndex, surroundings: Surroundings): Columns {
  const ages = ageOf(index);
  const age = (isNamed: boolean) =>
    Float32Array.from(index.passages, ({ speaker }, passage) =>
      (speaker !== null) === isNamed ? (ages[passage] ?? 0) : 0,
    );
  return {
    recency: age(false),
    recencyNamed: age(true),
    placeInTalk: placesInTalks(index, surroundings),
  };
}

function ageOf(index: UserIndex): Column {
  const times = Float64Array.from(new Set(index.passages.map(({ saidAtMs }) => saidAtMs))).sort();
  const latest = Math.max(1, times.length - 1);
  const ages = new Map(Array.from(times, (time, place) => [time, place / latest]));
  return Float32Array.from(index.passages, ({ saidAtMs }) => ages.get(saidAtMs) ?? 0);
}

/** People who chat jump between matters; with an assistant a talk begins with what it is about. */
function placesInTalks({ passages, talks, units }: UserIndex, { places }: Surroundings): Column {
  const shares = Float32Array.from(units, ({ conversation }, unit) => {
    const talk = talks[conversation];
    if (talk === undefined || talk.id === null) return 0;
    return (places[unit] ?? 0) / Math.max(1, talk.units.length - 1);
  });
  return Float32Array.from(passages, ({ unit, speaker }) =>
    speaker === null ? (shares[unit] ?? 0) : 0,
  );
}
