import { realTimers } from '../src/adapters/real-timers.ts';
import type { Timers } from '../src/app/vendor/vendor-port.ts';

export interface SkippableTimers extends Timers {
  /** Puts the clock forward: whatever is due by then is due now. */
  skip(ms: number): void;
}

/**
 * Time as it passes, which a test can put forward: deadlines can be long, so that no busy machine comes
 * to one by itself, and nobody has to wait for them.
 */
export function skippableTimers(): SkippableTimers {
  const waiting = new Set<{ readonly dueMs: number; readonly run: () => void }>();
  let skippedMs = 0;
  const now = () => realTimers.now() + skippedMs;
  return {
    now,
    random: realTimers.random,
    after(delayMs, run) {
      const stop = () => {
        waiting.delete(one);
        disarm();
      };
      const one = {
        dueMs: now() + delayMs,
        run() {
          stop();
          run();
        },
      };
      const disarm = realTimers.after(delayMs, one.run);
      waiting.add(one);
      return stop;
    },
    skip(ms) {
      skippedMs += ms;
      for (const one of [...waiting]) if (one.dueMs <= now()) one.run();
    },
  };
}
