import {
  accessSync,
  chmodSync,
  constants,
  existsSync,
  mkdirSync,
  readdirSync,
  statSync,
} from 'node:fs';
import { dirname, join } from 'node:path';
import { MosaicError } from '@mosaic/proto';

/** Where things lie in the data directory. */
export interface DataDirectory {
  readonly path: string;
  readonly keysFile: string;
  /** Written by the gateway: the token of the person at this machine. */
  readonly ownerTokenFile: string;
  readonly stateFile: string;
  readonly runDir: string;
  readonly logsDir: string;
  readonly credentialsDir: string;
  readonly natsDir: string;
  readonly redisDir: string;
  readonly databaseDir: string;
  readonly workspacesDir: string;
}

/** The layout of a data directory; touches nothing. */
export function dataDirectoryAt(path: string): DataDirectory {
  return {
    path,
    keysFile: join(path, 'keys.json'),
    ownerTokenFile: join(path, 'owner-token'),
    stateFile: join(path, 'run', 'state.json'),
    runDir: join(path, 'run'),
    logsDir: join(path, 'logs'),
    credentialsDir: join(path, 'credentials'),
    natsDir: join(path, 'nats'),
    redisDir: join(path, 'redis'),
    databaseDir: join(path, 'postgres'),
    workspacesDir: join(path, 'workspaces'),
  };
}

/** Makes the directory when it is missing. Throws `bad_configuration` when it can't be written. */
export function openDataDirectory(path: string): DataDirectory {
  const directory = dataDirectoryAt(path);
  try {
    makeFolder(path);
    accessSync(path, constants.R_OK | constants.W_OK | constants.X_OK);
    if (isOurs(directory)) chmodSync(path, 0o700);
    for (const part of [directory.runDir, directory.logsDir]) {
      mkdirSync(part, { recursive: true, mode: 0o700 });
    }
  } catch (cause) {
    throw unusable(path, cause);
  }
  return directory;
}

/**
 * Makes a folder and those above it. Node's own `recursive` never returns where the system denies a
 * folder with ENOENT, as below /proc (seen with Node 24).
 */
function makeFolder(path: string): void {
  if (statSync(path, { throwIfNoEntry: false })?.isDirectory() === true) return;
  const above = dirname(path);
  if (above !== path) makeFolder(above);
  mkdirSync(path, { mode: 0o700 });
}

/** Somebody may name a folder that holds other things, /tmp even: its mode is not ours to change. */
function isOurs({ path, keysFile }: DataDirectory): boolean {
  return existsSync(keysFile) || readdirSync(path).length === 0;
}

function unusable(path: string, cause: unknown): MosaicError {
  const why = cause instanceof Error && 'code' in cause ? String(cause.code) : 'unknown error';
  return new MosaicError(
    'bad_configuration',
    `The data directory ${path} can't be written (${why}): choose another one with --data-dir or MOSAIC_DATA_DIR.`,
    { cause },
  );
}
