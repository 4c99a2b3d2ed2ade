import { readFileSync, rmSync } from 'node:fs';
import { findLockHolder } from '@mosaic/embedded-servers';
import { MosaicError } from '@mosaic/proto';
import { z } from 'zod';
import type { DataDirectory } from './data-directory.ts';
import { writePrivateFile } from './write-private-file.ts';

const portSchema = z.number().int().min(1).max(65_535);

const runStateSchema = z.object({
  pid: z.number().int().positive(),
  url: z.url(),
  startedAt: z.iso.datetime(),
  isDemo: z.boolean(),
  isIsolated: z.boolean(),
  /** For bridges, which bring a credential of their own. */
  natsUrl: z.string(),
  ports: z.object({
    gateway: portSchema,
    /** Health pages of each service. */
    health: z.record(z.string(), portSchema),
  }),
});

/** What a running Mosaic tells about itself to `mosaic tui`, `ask`, `status` and `down`. */
export type RunState = z.infer<typeof runStateSchema>;

/** Says to the other commands where the running Mosaic is. */
export function writeRunState(directory: DataDirectory, state: RunState): void {
  writePrivateFile(directory.stateFile, `${JSON.stringify(state, null, 2)}\n`);
}

/** Nothing runs here any more. */
export function removeRunState(directory: DataDirectory): void {
  rmSync(directory.stateFile, { force: true });
}

/** The pid of the Mosaic that holds this directory: starting, running or stopping. */
export function findRunningPid(directory: DataDirectory): number | undefined {
  return findLockHolder(directory.path);
}

/** The running Mosaic, or undefined; a state file left by one that was killed does not count. */
export function findRunning(directory: DataDirectory): RunState | undefined {
  const pid = findRunningPid(directory);
  if (pid === undefined) return undefined;
  try {
    const state = runStateSchema.parse(JSON.parse(readFileSync(directory.stateFile, 'utf8')));
    return state.pid === pid ? state : undefined;
  } catch {
    return undefined;
  }
}

/** The running Mosaic. Throws `service_unavailable` with what to do when there is none. */
export function requireRunning(directory: DataDirectory): RunState {
  const state = findRunning(directory);
  if (state !== undefined) return state;
  const sentence =
    findRunningPid(directory) === undefined
      ? `No Mosaic runs from ${directory.path}: start it with "npm start".`
      : `The Mosaic in ${directory.path} is still starting or already stopping: try again in a moment.`;
  throw new MosaicError('service_unavailable', sentence);
}
