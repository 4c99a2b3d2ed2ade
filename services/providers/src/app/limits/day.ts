const dayMs = 86_400_000;

/** The day (UTC) of an instant: when it began, and when the next one begins. */
export function dayOf(at: Date): { readonly since: Date; readonly before: Date } {
  const sinceMs = Math.floor(at.getTime() / dayMs) * dayMs;
  return { since: new Date(sinceMs), before: new Date(sinceMs + dayMs) };
}
