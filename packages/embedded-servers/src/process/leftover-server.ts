import { readFileSync, rmSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { setTimeout as delay } from 'node:timers/promises';
import type { OnProgress } from '../server-handle.ts';
import { identifyProcess, isAlive, toProcessIdentity } from './process-identity.ts';

const RECORD_FILE = 'server.json';
const POLL_MS = 20;
// Whoever leaves a server behind was killed hard, and so may the server be: short.
const TERM_GRACE_MS = 1500;

/** Writes down which process serves this data directory, for the next start to find. */
export function recordServer(dataDir: string, pid: number): void {
  const identity = identifyProcess(pid);
  if (identity === undefined) return;
  writeFileSync(join(dataDir, RECORD_FILE), JSON.stringify(identity), { mode: 0o600 });
}

/** Removes the record once the server is known to be gone. */
export function forgetServer(dataDir: string): void {
  rmSync(join(dataDir, RECORD_FILE), { force: true });
}

function readRecord(dataDir: string): unknown {
  try {
    return JSON.parse(readFileSync(join(dataDir, RECORD_FILE), 'utf8'));
  } catch {
    return undefined;
  }
}

/** Sends a signal to a process that may be gone already. */
export function signalProcess(pid: number, signal: NodeJS.Signals): void {
  try {
    process.kill(pid, signal);
  } catch {
    // Gone in between: that is what the signal was for.
  }
}

/**
 * Ends the server a killed launcher left running on this directory. The caller holds the
 * directory's lock, so the launcher is known to be dead. Node cannot ask Linux to end children
 * with their parent (PR_SET_PDEATHSIG), hence this look back at the next start.
 */
export async function endLeftoverServer(dataDir: string, onProgress: OnProgress): Promise<void> {
  const leftover = toProcessIdentity(readRecord(dataDir));
  if (leftover !== undefined && isAlive(leftover)) {
    onProgress(`Ending process ${leftover.pid}, left over from a start that was killed.`);
    signalProcess(leftover.pid, 'SIGTERM');
    const killAt = Date.now() + TERM_GRACE_MS;
    while (isAlive(leftover)) {
      if (Date.now() > killAt) signalProcess(leftover.pid, 'SIGKILL');
      await delay(POLL_MS);
    }
  }
  forgetServer(dataDir);
}
