import { overlap } from '../../dates/date-range.ts';
import type { IndexedPassage } from '../../index/passage.ts';
import type { UserIndex } from '../../index/user-index.ts';
import type { Question } from '../read-question.ts';
import { type Columns, scaled } from './column.ts';

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
  // A date that many passages share says less.
  const rarity = Math.max(0.01, Math.log((count + 1) / (found + 1)));
  return { date: scaled(date, 1 / rarity), dateMentioned };
}

/** 1 for what was said last, 0 for what was said first. */
export function ageColumn(index: UserIndex) {
  const times = Float64Array.from(new Set(index.passages.map(({ saidAtMs }) => saidAtMs))).sort();
  const places = new Map(
    Array.from(times, (time, place) => [time, place / Math.max(1, times.length - 1)]),
  );
  return Float32Array.from(index.passages, ({ saidAtMs }) => places.get(saidAtMs) ?? 0);
}
