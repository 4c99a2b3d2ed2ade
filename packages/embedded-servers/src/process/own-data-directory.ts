import { chmodSync } from 'node:fs';
import { resolve } from 'node:path';
import { type DirectoryLock, lockDirectory } from '../lock-directory.ts';
import type { OnProgress } from '../server-handle.ts';
import { endLeftoverServer } from './leftover-server.ts';

/** A data directory that is ours: locked, private, and without a server of an earlier start. */
export type OwnedDirectory = { readonly path: string; readonly lock: DirectoryLock };

/** Takes a server's data directory. Throws `DATA_DIR_IN_USE` when a living process has it. */
export async function ownDataDirectory(
  directory: string,
  options: { purpose: string; onProgress: OnProgress },
): Promise<OwnedDirectory> {
  const path = resolve(directory);
  const lock = lockDirectory(path, { purpose: options.purpose });
  try {
    chmodSync(path, 0o700);
    await endLeftoverServer(path, options.onProgress);
  } catch (error) {
    lock.release();
    throw error;
  }
  return { path, lock };
}
