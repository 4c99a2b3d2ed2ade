/** For people: `85 ms`, `1.2 s`, `2 min 5 s`. */
export function formatDuration(ms: number): string {
  if (ms < 1_000) return `${Math.round(ms)} ms`;
  if (ms < 60_000) return `${(ms / 1_000).toFixed(1)} s`;
  const seconds = Math.round(ms / 1_000);
  return `${Math.floor(seconds / 60)} min ${seconds % 60} s`;
}

/** What takes microseconds as a rule: `850 µs`, `12 ms`. */
export function formatMicros(us: number): string {
  return us < 10_000 ? `${Math.round(us)} µs` : formatDuration(us / 1_000);
}
