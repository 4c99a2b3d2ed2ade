/** Making one costs far more than asking it, and there are not many zones. */
const formats = new Map<string, Intl.DateTimeFormat>();

/** Hours and minutes somewhere, such as `21:05`; in UTC where the zone is not known or not given. */
export function timeOfDayIn(timeZone: string | undefined, atMs: number): string {
  const at = new Date(atMs);
  const inUtc = at.toISOString().slice(11, 16);
  if (timeZone === undefined) return inUtc;
  try {
    const known = formats.get(timeZone) ?? formatFor(timeZone);
    formats.set(timeZone, known);
    return known.format(at);
  } catch (thrown) {
    if (thrown instanceof RangeError) return inUtc;
    throw thrown;
  }
}

function formatFor(timeZone: string): Intl.DateTimeFormat {
  const parts = { hour: '2-digit', minute: '2-digit', hourCycle: 'h23' } as const;
  return new Intl.DateTimeFormat('en-GB', { ...parts, timeZone });
}
