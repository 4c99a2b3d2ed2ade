import { type ChildProcess, spawn } from 'node:child_process';
import { closeSync, openSync, readFileSync, renameSync, statSync } from 'node:fs';
import { join } from 'node:path';
import { setTimeout as delay } from 'node:timers/promises';
import { EmbeddedServerError } from '../embedded-server-error.ts';
import type { ServerExit } from '../server-handle.ts';
import { forgetServer, recordServer, signalProcess } from './leftover-server.ts';

const LOG_FILE = 'server.log';
const LOG_LIMIT_BYTES = 10_000_000;
const POLL_MS = 15;

export type ServerCommand = {
  /** For sentences: `NATS server`. */
  readonly name: string;
  readonly binary: string;
  readonly args: readonly string[];
  readonly dataDir: string;
  /** Opens a message channel to a Node child. */
  readonly ipc?: boolean;
};

export type ServerProcess = {
  readonly name: string;
  readonly pid: number;
  readonly child: ChildProcess;
  readonly exited: Promise<ServerExit>;
  readonly logTail: () => string;
  /** Asks with `request` (SIGTERM by default), waits, then kills. */
  end(options?: { graceMs?: number; request?: () => void }): Promise<void>;
};

const running = new Set<ChildProcess>();
// A launcher that fails without calling stop() must not leave its servers behind.
process.on('exit', () => {
  for (const child of running) child.kill('SIGTERM');
});

function openLog(dataDir: string): { path: string; descriptor: number; from: number } {
  const path = join(dataDir, LOG_FILE);
  const size = statSync(path, { throwIfNoEntry: false })?.size ?? 0;
  if (size > LOG_LIMIT_BYTES) renameSync(path, `${path}.1`);
  const from = size > LOG_LIMIT_BYTES ? 0 : size;
  return { path, descriptor: openSync(path, 'a', 0o600), from };
}

function watchExit(child: ChildProcess, dataDir: string, isExpected: () => boolean) {
  return new Promise<ServerExit>((resolve) => {
    child.once('exit', (code, signal) => {
      running.delete(child);
      forgetServer(dataDir);
      resolve({ code, signal, expected: isExpected() });
    });
    child.once('error', () => {
      running.delete(child);
      resolve({ code: null, signal: null, expected: false });
    });
  });
}

/**
 * Starts a server's process with its output in `server.log` of the data directory, and records
 * it there. Throws `START_FAILED` when the program cannot be run at all.
 */
export function spawnServer(command: ServerCommand): ServerProcess {
  const log = openLog(command.dataDir);
  const logged = ['ignore', log.descriptor, log.descriptor] as const;
  const child = spawn(command.binary, command.args, {
    cwd: command.dataDir,
    // A process group of its own: Ctrl-C in the terminal reaches the launcher alone, which
    // stops the services first and the servers under them last.
    detached: true,
    stdio: command.ipc === true ? [...logged, 'ipc'] : [...logged],
  });
  closeSync(log.descriptor);
  let stopping = false;
  const exited = watchExit(child, command.dataDir, () => stopping);
  const { pid } = child;
  if (pid === undefined) {
    throw new EmbeddedServerError('START_FAILED', `The ${command.name} could not be run.`);
  }
  recordServer(command.dataDir, pid);
  running.add(child);
  return {
    name: command.name,
    pid,
    child,
    exited,
    logTail: () => readFileSync(log.path).subarray(log.from).toString().slice(-1500).trim(),
    async end({ graceMs = 5000, request = () => signalProcess(pid, 'SIGTERM') } = {}) {
      if (child.exitCode !== null || child.signalCode !== null) return;
      stopping = true;
      request();
      const killer = setTimeout(() => child.kill('SIGKILL'), graceMs);
      await exited;
      clearTimeout(killer);
    },
  };
}

/**
 * Waits until the server answers. Throws `START_FAILED` with the end of its log when it ends
 * before, `NOT_READY` when it does not answer in time; the process is gone in both cases.
 */
export async function waitUntilReady(
  server: ServerProcess,
  isReady: () => Promise<boolean>,
  timeoutMs = 180_000,
): Promise<void> {
  const ended = server.exited.then(() => 'ended' as const);
  const deadline = Date.now() + timeoutMs;
  while (!(await isReady())) {
    if ((await Promise.race([ended, delay(POLL_MS)])) === 'ended') {
      const sentence = `The ${server.name} ended while starting. Its log says: ${server.logTail()}`;
      throw new EmbeddedServerError('START_FAILED', sentence);
    }
    if (Date.now() > deadline) {
      await server.end();
      const sentence = `The ${server.name} did not answer within ${timeoutMs} ms. Its log says: ${server.logTail()}`;
      throw new EmbeddedServerError('NOT_READY', sentence);
    }
  }
}
