import { type ChildProcess, spawn } from 'node:child_process';
import { once } from 'node:events';
import { mkdirSync, rmSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { setTimeout as delay } from 'node:timers/promises';
import { endLeftoverServer, forgetServer, recordServer } from '@mosaic/embedded-servers';
import type { Environment } from '@mosaic/service-kit';
import { type LogSink, logSinkFor } from './service-logs.ts';

const preload = new URL('./exit-with-launcher.ts', import.meta.url).href;
const firstPauseMs = 200;
const longestPauseMs = 10_000;
/** A process that lived this long has started well: the next pause is short again. */
const settledMs = 30_000;
const stopLimitMs = 25_000;
const keptErrorText = 1_000;

export interface SupervisedService {
  readonly name: string;
  /** Asks the process to stop, kills it when it does not, and starts it no more. */
  stop(): Promise<void>;
}

export interface SupervisionOptions {
  readonly name: string;
  /** The file to run. */
  readonly main: string;
  readonly environment: Environment;
  /** Holds `<name>.pid` and what is needed to know that process again. */
  readonly runDir: string;
  readonly logsDir: string | undefined;
  /** Told each time the process ended by itself, with the last it said on its standard error. */
  onEnd(ended: { readonly sentence: string; readonly lastWords: string }): void;
}

const children = new Set<ChildProcess>();
// A launcher that fails without stopping its services must not leave them behind.
process.on('exit', () => {
  for (const child of children) child.kill('SIGKILL');
});

/** Keeps one service running as a process of its own, with growing pauses between restarts. */
export async function superviseService(options: SupervisionOptions): Promise<SupervisedService> {
  const recordDir = join(options.runDir, options.name);
  const pidFile = `${recordDir}.pid`;
  mkdirSync(recordDir, { recursive: true, mode: 0o700 });
  await endLeftoverServer(recordDir, () => {});
  const sink = logSinkFor(options.name, options.logsDir);
  const stopping = new AbortController();
  let child: ChildProcess | undefined;
  const runOnce = async () => {
    const startedMs = performance.now();
    const running = spawnService(options, sink);
    child = running.child;
    writeFileSync(pidFile, `${child.pid}\n`, { mode: 0o600 });
    if (child.pid !== undefined) recordServer(recordDir, child.pid);
    const { how, lastWords } = await running.ended;
    rmSync(pidFile, { force: true });
    forgetServer(recordDir);
    return { how, lastWords, livedMs: performance.now() - startedMs };
  };
  const keepRunning = async () => {
    let pauseMs = firstPauseMs;
    while (!stopping.signal.aborted) {
      const { how, lastWords, livedMs } = await runOnce();
      if (stopping.signal.aborted) return;
      options.onEnd({ sentence: `${options.name} ended (${how}); starting it again`, lastWords });
      pauseMs = livedMs > settledMs ? firstPauseMs : Math.min(pauseMs * 2, longestPauseMs);
      await delay(pauseMs, undefined, { signal: stopping.signal }).catch(() => {});
    }
  };
  const kept = keepRunning();
  return {
    name: options.name,
    async stop() {
      stopping.abort();
      child?.kill('SIGTERM');
      const killer = setTimeout(() => child?.kill('SIGKILL'), stopLimitMs);
      await kept;
      clearTimeout(killer);
      sink.close();
    },
  };
}

function spawnService(options: SupervisionOptions, sink: LogSink) {
  const child = spawn(process.execPath, ['--import', preload, options.main], {
    env: { ...options.environment },
    // A group of its own: Ctrl-C reaches the launcher alone, which stops services in order.
    detached: true,
    stdio: ['ignore', sink.descriptor, 'pipe', 'ipc'],
  });
  children.add(child);
  let lastWords = '';
  child.stderr?.on('data', (chunk: Buffer) => {
    sink.write(chunk.toString());
    lastWords = (lastWords + chunk.toString()).slice(-keptErrorText);
  });
  const ended = once(child, 'close').then(
    ([code, signal]) => ({ how: String(signal ?? code), lastWords: lastWords.trim() }),
    (error: unknown) => ({ how: 'not run', lastWords: String(error) }),
  );
  void ended.then(() => children.delete(child));
  return { child, ended };
}
