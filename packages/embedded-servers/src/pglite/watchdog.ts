import { setTimeout as delay } from 'node:timers/promises';
import type { LastSign } from './launch-pglite.ts';

export type WatchdogLimits = {
  /** Time between two questions. Default 2,000. */
  readonly intervalMs?: number;
  /** How long one question may take. Default 5,000. */
  readonly timeoutMs?: number;
  /** Questions without an answer that end an idle database. Default 2. */
  readonly misses?: number;
  /** How long it may be silent while it works. Default 300,000. */
  readonly busyLimitMs?: number;
};

export type Watched = {
  readonly answers: (timeoutMs: number) => Promise<boolean>;
  readonly lastSign: () => LastSign;
  readonly onHang: (sentence: string) => void;
};

/**
 * Asks again and again whether a database answers, until the signal aborts or it hangs.
 *
 * Two kinds of silence are told apart. A process that computes sends no heartbeat, or reports
 * work: it may be making an HNSW index (50 to 130 s for 100,000 rows, measured) or be in a long
 * migration, so it gets minutes. A process that turns and has done nothing for anyone since it
 * was asked is stuck: a transaction was left open or the queue broke, and everyone waits without
 * limit, since PGlite ignores PostgreSQL's own timeouts.
 */
export async function watch(
  watched: Watched,
  options: { limits: WatchdogLimits; signal: AbortSignal },
): Promise<void> {
  const { intervalMs = 2000, timeoutMs = 5000, misses = 2, busyLimitMs = 300_000 } = options.limits;
  let missed = 0;
  let answeredAt = Date.now();
  for (;;) {
    await delay(intervalMs, undefined, { signal: options.signal }).catch(() => {});
    if (options.signal.aborted) return;
    const askedAt = Date.now();
    const answered = await watched.answers(timeoutMs);
    if (options.signal.aborted) return;
    if (answered) {
      missed = 0;
      answeredAt = Date.now();
      continue;
    }
    const { heartbeatAt, workAt } = watched.lastSign();
    if (heartbeatAt > askedAt && workAt < askedAt) missed += 1;
    if (missed >= misses) {
      return watched.onHang('The database answered nobody while it had nothing to do.');
    }
    const silentMs = Date.now() - answeredAt;
    if (silentMs > busyLimitMs) {
      return watched.onHang(`The database was too busy to answer for ${silentMs} ms.`);
    }
  }
}
