import { randomUUID } from 'node:crypto';
import { linkSync, mkdirSync, readFileSync, renameSync, rmSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { EmbeddedServerError } from './embedded-server-error.ts';
import { identifyProcess, isAlive, toProcessIdentity } from './process/process-identity.ts';

const LOCK_FILE = 'mosaic.lock';

/** Held until released or until this process is gone, whichever comes first. */
export type DirectoryLock = { release(): void };

type LockContent = { pid: number; startedAt: string; purpose: string; token: string };

function readLock(path: string): string | undefined {
  try {
    return readFileSync(path, 'utf8');
  } catch {
    return undefined;
  }
}

/** The sentence for a lock whose holder lives; undefined for a stale or unreadable one. */
function describeLivingHolder(text: string, directory: string): string | undefined {
  let content: unknown;
  try {
    content = JSON.parse(text);
  } catch {
    return undefined; // Written whole before it is linked, so torn text means a torn disk.
  }
  const holder = toProcessIdentity(content);
  if (holder === undefined || !isAlive(holder)) return undefined;
  const purpose =
    typeof content === 'object' && content !== null && 'purpose' in content
      ? String(content.purpose)
      : 'Mosaic';
  return `The directory ${directory} is in use by process ${holder.pid} (${purpose}). Stop that process first, or choose another data directory.`;
}

function tryLink(from: string, to: string): boolean {
  try {
    linkSync(from, to);
    return true;
  } catch (error) {
    if (error instanceof Error && 'code' in error && error.code === 'EEXIST') return false;
    throw error;
  }
}

/** Moves a stale lock out of the way; puts it back if somebody had just replaced it. */
function removeStale(path: string, staleText: string): void {
  const aside = `${path}.${randomUUID()}`;
  try {
    renameSync(path, aside);
  } catch {
    return; // Another starter removed it first; the next round sees who won.
  }
  if (readLock(aside) !== staleText) tryLink(aside, path);
  rmSync(aside, { force: true });
}

/**
 * Takes a directory for this process alone (made with mode 0700 when missing). A lock left by a
 * dead process is taken over; a pid that was reused by another program does not count as alive.
 * Throws `DATA_DIR_IN_USE` while its holder lives, also when that is this very process.
 *
 * It sees the processes of this machine (or container) only: a directory shared between machines
 * or containers is not protected.
 */
export function lockDirectory(directory: string, options: { purpose: string }): DirectoryLock {
  mkdirSync(directory, { recursive: true, mode: 0o700 });
  const path = join(directory, LOCK_FILE);
  const self = identifyProcess(process.pid) ?? { pid: process.pid, startedAt: '' };
  const content: LockContent = { ...self, purpose: options.purpose, token: randomUUID() };
  const text = JSON.stringify(content);
  const draft = `${path}.${content.token}`;
  writeFileSync(draft, text, { mode: 0o600 });
  try {
    // A hard link appears with its content and only once: the lock is never half written.
    while (!tryLink(draft, path)) {
      const existing = readLock(path);
      if (existing === undefined) continue;
      const sentence = describeLivingHolder(existing, directory);
      if (sentence !== undefined) throw new EmbeddedServerError('DATA_DIR_IN_USE', sentence);
      removeStale(path, existing);
    }
  } finally {
    rmSync(draft, { force: true });
  }
  return {
    release() {
      if (readLock(path) === text) rmSync(path, { force: true });
    },
  };
}

/** The pid of the living process that holds the directory's lock, or undefined when none does. */
export function findLockHolder(directory: string): number | undefined {
  try {
    const holder = toProcessIdentity(JSON.parse(readLock(join(directory, LOCK_FILE)) ?? 'null'));
    return holder !== undefined && isAlive(holder) ? holder.pid : undefined;
  } catch {
    return undefined; // Torn text, as in `describeLivingHolder`.
  }
}
