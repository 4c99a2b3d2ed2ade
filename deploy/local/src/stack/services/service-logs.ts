import { closeSync, openSync, renameSync, statSync, writeSync } from 'node:fs';
import { join } from 'node:path';

const limitBytes = 10_000_000;

/** Opens the log file of one service for appending; one older file of 10 MB is kept. */
export function openServiceLog(logsDir: string, name: string): number {
  const path = join(logsDir, `${name}.log`);
  const size = statSync(path, { throwIfNoEntry: false })?.size ?? 0;
  if (size > limitBytes) renameSync(path, `${path}.1`);
  return openSync(path, 'a', 0o600);
}

/** Where the lines of one service go: its file, or the standard output. */
export interface LogSink {
  readonly descriptor: number;
  write(text: string): void;
  close(): void;
}

/** Gives each service its sink; `logsDir` undefined means the standard output for all. */
export function logSinkFor(name: string, logsDir: string | undefined): LogSink {
  if (logsDir === undefined) {
    return { descriptor: 1, write: (text) => process.stdout.write(text), close() {} };
  }
  const descriptor = openServiceLog(logsDir, name);
  return {
    descriptor,
    // Synchronous: a line that says why the process ended must be there when it has.
    write: (text) => writeSync(descriptor, text),
    close: () => closeSync(descriptor),
  };
}
