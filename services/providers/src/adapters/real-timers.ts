import type { Timers } from '../app/vendor/vendor-port.ts';

/** Time and timers of this machine. */
export const realTimers: Timers = {
  now: () => Date.now(),
  after(delayMs, run) {
    const timer = setTimeout(run, delayMs);
    return () => clearTimeout(timer);
  },
  random: () => Math.random(),
};
