const firstMs = 250;
const longestMs = 10_000;

/**
 * Milliseconds that a client of the gateway waits before reconnection `attempt` (from 0): full jitter
 * below a limit that doubles from 0.25 s to 10 s, so that the clients of a restarted gateway do not
 * come back all at once.
 */
export function backoffMs(attempt: number, random: () => number = Math.random): number {
  return random() * Math.min(longestMs, firstMs * 2 ** Math.min(attempt, 16));
}
