import { execFile } from 'node:child_process';
import { accessSync, constants, existsSync, statfsSync, statSync } from 'node:fs';
import { delimiter, dirname, join } from 'node:path';
import { promisify } from 'node:util';
import { findServerBinary } from '@mosaic/embedded-servers';
import { dataDirectoryAt } from '../stack/installation/data-directory.ts';
import type { DirectoryFact } from './facts.ts';

const versionLimitMs = 1_500;

/** The first line that a server's program says about its version; undefined when there is none. */
export async function readServerVersion(
  name: 'nats-server' | 'redis-server',
): Promise<string | undefined> {
  try {
    const binary = await findServerBinary(name);
    const options = { timeout: versionLimitMs };
    const { stdout, stderr } = await promisify(execFile)(binary, ['--version'], options);
    return `${stdout}${stderr}`.split('\n')[0]?.trim();
  } catch {
    return undefined;
  }
}

/** What kind of place a data directory would be. */
export function lookAtDirectory(path: string): DirectoryFact {
  const stat = statSync(path, { throwIfNoEntry: false });
  const mode = stat === undefined ? undefined : stat.mode & 0o777;
  return {
    path,
    exists: stat !== undefined,
    isWritable: (stat?.isDirectory() ?? true) && isWritable(nearestExisting(path)),
    isOurs: existsSync(dataDirectoryAt(path).keysFile),
    mode,
  };
}

/** Free bytes on the disk that holds the path. */
export function readFreeBytes(path: string): number | undefined {
  try {
    const { bavail, bsize } = statfsSync(nearestExisting(path));
    return bavail * bsize;
  } catch {
    return undefined;
  }
}

/** Whether a program of this name is on the search path. */
export function isOnPath(name: string, searchPath: string): boolean {
  return searchPath.split(delimiter).some((folder) => existsSync(join(folder, name)));
}

function nearestExisting(path: string): string {
  return existsSync(path) || dirname(path) === path ? path : nearestExisting(dirname(path));
}

function isWritable(path: string): boolean {
  try {
    accessSync(path, constants.W_OK | constants.X_OK);
    return statSync(path).isDirectory();
  } catch {
    return false;
  }
}
