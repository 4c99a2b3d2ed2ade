import { join } from 'node:path';
import type { RunningMosaic } from '@mosaic/test-kit';
import { openPty, type Pty } from '@mosaic/test-kit/pty';
import { processTree, readUse } from '../providers/processes.ts';

const command = join(import.meta.dirname, '../../../scripts/mosaic.mjs');

export interface OpenTerminal {
  readonly pty: Pty;
  /** When it was started, by `performance.now()`. */
  readonly startedMs: number;
  /** What the client itself has used; the program that found Node 24 for it is not counted. */
  use(): { readonly cpuMs: number; readonly rssMb: number };
}

/** Starts `mosaic tui` as a person does, against a running Mosaic. */
export function openTerminal(mosaic: RunningMosaic, args: readonly string[] = []): OpenTerminal {
  const startedMs = performance.now();
  const pty = openPty([process.execPath, command, 'tui', ...args], {
    cols: 120,
    rows: 40,
    env: { MOSAIC_DATA_DIR: mosaic.dataDir },
  });
  return {
    pty,
    startedMs,
    use: () => readUse(processTree(pty.pid, 'command').at(-1)?.pid ?? pty.pid),
  };
}

/** Leaves as a person does, so that the cache of compiled code is written. */
export async function leave({ pty }: OpenTerminal): Promise<void> {
  pty.press('ctrl-d');
  await pty.exit;
  await pty.close();
}
