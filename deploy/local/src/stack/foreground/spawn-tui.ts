import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { join } from 'node:path';
import { repositoryRoot } from '../../settings/launcher-settings.ts';
import type { DataDirectory } from '../installation/data-directory.ts';

export interface RunningTui {
  /** Settles with its exit code when the person leaves. */
  readonly exited: Promise<number>;
  /** Asks it to give the terminal back. */
  end(): void;
}

/** Opens the terminal client in a process of its own: the stack stays quick, and a crash of either spares the other. */
export async function spawnTui(directory: DataDirectory): Promise<RunningTui> {
  const main = join(repositoryRoot, 'deploy/local/src/main.ts');
  const child = spawn(process.execPath, [main, 'tui', '--data-dir', directory.path], {
    stdio: 'inherit',
  });
  const exited = once(child, 'exit').then(([code]) => (typeof code === 'number' ? code : 1));
  return { exited, end: () => child.kill('SIGTERM') };
}
