import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { MosaicError } from '@mosaic/proto';
import { runInSandbox } from '../shell/sandbox.ts';
import type { FindObstacle, Obstacle } from '../tool.ts';

const tryMs = 5_000;

/** What holds up the shell of an installation that has none. */
export const shellIsOff: FindObstacle = async () => ({
  reason: 'The shell is off.',
  advice:
    'The operator turns it on with MOSAIC_SHELL=1 for the service agents, which needs bubblewrap.',
});

/** Tries the sandbox with a command that does nothing. `program` is bubblewrap. */
export async function findSandboxObstacle(program: string): Promise<Obstacle | null> {
  const workspace = await mkdtemp(join(tmpdir(), 'mosaic-sandbox-'));
  try {
    const signal = AbortSignal.timeout(tryMs);
    const { exitCode } = await runInSandbox({ workspace, command: 'true', program, signal });
    return exitCode === 0 ? null : { reason: "The shell's sandbox does not work here.", advice };
  } catch (thrown) {
    if (thrown instanceof MosaicError) return { reason: thrown.message, advice };
    return { reason: "The shell's sandbox did not answer in time.", advice };
  } finally {
    await rm(workspace, { recursive: true, force: true });
  }
}

const advice = 'The operator finds what it needs in docs/tools.md; "mosaic doctor" tries it.';
