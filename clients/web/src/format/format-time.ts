const clock = new Intl.DateTimeFormat(undefined, { hour: '2-digit', minute: '2-digit' });
const weekday = new Intl.DateTimeFormat(undefined, { weekday: 'short' });
const date = new Intl.DateTimeFormat(undefined, { day: 'numeric', month: 'short' });
const full = new Intl.DateTimeFormat(undefined, { dateStyle: 'medium', timeStyle: 'short' });
const dayMs = 86_400_000;

/** As short as it stays clear: the time today, the weekday this week, else the date. */
export function formatMoment(instant: string, now: Date = new Date()): string {
  const at = new Date(instant);
  if (at.toDateString() === now.toDateString()) return clock.format(at);
  if (now.getTime() - at.getTime() < 6 * dayMs) return weekday.format(at);
  return date.format(at);
}

/** The time of day, for a moment that is not far. */
export function formatClock(instant: string): string {
  return clock.format(new Date(instant));
}

export function formatFullMoment(instant: string): string {
  return full.format(new Date(instant));
}
