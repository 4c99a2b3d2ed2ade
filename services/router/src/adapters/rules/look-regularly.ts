import type { Stoppable } from '@mosaic/service-kit';

/** Runs `work` once at a time; who asks meanwhile gets one more run, which begins after their asking. */
export function inTurn(work: () => Promise<void>): () => Promise<void> {
  let running: Promise<void> | undefined;
  let next: Promise<void> | undefined;
  const run = () => {
    running = work().finally(() => {
      running = undefined;
    });
    return running;
  };
  return () => {
    if (running === undefined) return run();
    next ??= running
      .catch(() => undefined)
      .then(() => {
        next = undefined;
        return run();
      });
    return next;
  };
}

/** Looks at once and then again and again; stopping waits for the look that runs. */
export function lookRegularly(look: () => Promise<void>, everyMs: number): Stoppable {
  let timer: NodeJS.Timeout | undefined;
  let isStopped = false;
  let last = Promise.resolve();
  const again = async () => {
    // Whoever looks keeps account of what went wrong; here it only must not end the looking.
    await look().catch(() => undefined);
    if (isStopped) return;
    timer = setTimeout(() => {
      last = again();
    }, everyMs);
  };
  last = again();
  return {
    async stop() {
      isStopped = true;
      clearTimeout(timer);
      await last;
    },
  };
}
