/** A stretch of time in milliseconds since 1970, UTC: `from` belongs to it, `to` does not. */
export interface DateRange {
  readonly from: number;
  readonly to: number;
}

export const dayMs = 86_400_000;

export function dayOf(ms: number, days = 1): DateRange {
  const from = Math.floor(ms / dayMs) * dayMs;
  return { from, to: from + days * dayMs };
}

/** The month with a number from 0; those beyond a year count on. */
export function monthOf(year: number, month: number): DateRange {
  return { from: Date.UTC(year, month), to: Date.UTC(year, month + 1) };
}

export function yearOf(year: number): DateRange {
  return { from: Date.UTC(year, 0), to: Date.UTC(year + 1, 0) };
}

/** Monday to Sunday, so many weeks away from the one of `ms`. */
export function weekOf(ms: number, weeksAway = 0): DateRange {
  const { from: day } = dayOf(ms);
  // 1970-01-01 was a Thursday.
  const sinceMonday = (Math.floor(day / dayMs) + 3) % 7;
  const from = day - sinceMonday * dayMs + weeksAway * 7 * dayMs;
  return { from, to: from + 7 * dayMs };
}

export function overlap(one: DateRange, other: DateRange): boolean {
  return one.from < other.to && other.from < one.to;
}
