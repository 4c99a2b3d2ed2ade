import { type DirectoryLock, EmbeddedServerError, lockDirectory } from '@mosaic/embedded-servers';
import { MosaicError } from '@mosaic/proto';
import type { DataDirectory } from './data-directory.ts';
import { findRunning, findRunningPid } from './run-state.ts';

/** Takes the data directory for this process. Throws `already_running`, with who has it. */
export function holdDirectory(directory: DataDirectory): DirectoryLock {
  try {
    return lockDirectory(directory.path, { purpose: 'mosaic up' });
  } catch (thrown) {
    if (!(thrown instanceof EmbeddedServerError)) throw thrown;
    const pid = findRunningPid(directory) ?? 'unknown';
    const url = findRunning(directory)?.url;
    const where = url === undefined ? '' : `, ${url}`;
    throw new MosaicError(
      'already_running',
      `Mosaic already runs from ${directory.path} (process ${pid}${where}): open it with "mosaic tui", stop it with "mosaic down", or choose another --data-dir.`,
    );
  }
}
