import type { OnProgress, ServerExit } from '../server-handle.ts';
import type { RunningPglite } from './launch-pglite.ts';
import { type WatchdogLimits, watch } from './watchdog.ts';

const RESTART_WINDOW_MS = 60_000;
const RESTARTS_IN_WINDOW = 5;

export type KeepRunning = {
  readonly launch: () => Promise<RunningPglite>;
  readonly answers: (timeoutMs: number) => Promise<boolean>;
  readonly limits: WatchdogLimits;
  readonly onRestart: (sentence: string) => void;
  readonly onProgress: OnProgress;
};

export type KeptPglite = {
  current(): RunningPglite;
  readonly exited: Promise<ServerExit>;
  stop(options: { dump: boolean }): Promise<void>;
};

/** Waits for this run to end, ending it when it hangs, and says why it ended. */
async function untilEnded(running: RunningPglite, keep: KeepRunning) {
  const watching = new AbortController();
  let reason = 'The database process ended by itself.';
  const watched = watch(
    {
      answers: keep.answers,
      lastSign: running.lastSign,
      onHang(sentence) {
        reason = sentence;
        running.server.child.kill('SIGKILL');
      },
    },
    { limits: keep.limits, signal: watching.signal },
  );
  const exit = await running.server.exited;
  watching.abort();
  await watched;
  return { exit, reason };
}

/** Restarts the database at the same address whenever it ends or hangs, until told to stop. */
export function keepPgliteRunning(first: RunningPglite, keep: KeepRunning): KeptPglite {
  let running = first;
  let isStopping = false;
  let restartedAt: number[] = [];

  function mayRestart(): boolean {
    restartedAt = restartedAt.filter((time) => time > Date.now() - RESTART_WINDOW_MS);
    restartedAt.push(Date.now());
    return restartedAt.length <= RESTARTS_IN_WINDOW;
  }

  async function keepGoing(): Promise<ServerExit> {
    for (;;) {
      const { exit, reason } = await untilEnded(running, keep);
      if (isStopping) return { ...exit, expected: true };
      if (!mayRestart()) return exit;
      keep.onRestart(`${reason} It is being restarted.`);
      try {
        running = await keep.launch();
      } catch (error) {
        keep.onProgress(error instanceof Error ? error.message : String(error));
        return exit;
      }
      if (isStopping) await running.end({ dump: false });
    }
  }

  const exited = keepGoing();
  return {
    current: () => running,
    exited,
    async stop(options) {
      isStopping = true;
      await running.end(options);
      await exited;
    },
  };
}
