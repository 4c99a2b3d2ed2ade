const firstMs = 250;
const longestMs = 10_000;

/** Wait before attempt number `attempt` (from 0): doubling from 0.25 s to 10 s, with full jitter. */
export function backoffMs(attempt: number, random: () => number = Math.random): number {
  return random() * Math.min(longestMs, firstMs * 2 ** attempt);
}
