// One installation at a time per checkout. The lock is a file holding the owner's process id; it
// cannot live in node_modules, because `npm ci` empties that folder.
import { createHash } from 'node:crypto';
import { linkSync, readFileSync, renameSync, rmSync, statSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';

const pollMs = 250;
/** Between creating the file and writing the id into it no owner needs this long. */
const unreadableAfterMs = 10_000;

function isAlive(pid) {
  try {
    process.kill(pid, 0);
    return true;
  } catch (thrown) {
    return thrown.code === 'EPERM';
  }
}

function isStale(file) {
  try {
    const pid = Number(readFileSync(file, 'utf8'));
    if (pid > 0) return !isAlive(pid);
    return Date.now() - statSync(file).mtimeMs > unreadableAfterMs;
  } catch {
    return false; // gone: its owner has just finished
  }
}

/** Moves a dead owner's lock away; puts it back when a living owner took it in between. */
function removeStale(file) {
  const aside = `${file}.${process.pid}`;
  try {
    renameSync(file, aside);
    if (!isStale(aside)) linkSync(aside, file);
    rmSync(aside, { force: true });
  } catch {
    // somebody else removed it first
  }
}

function tryLock(file) {
  try {
    writeFileSync(file, String(process.pid), { flag: 'wx', mode: 0o600 });
    return true;
  } catch (thrown) {
    if (thrown.code !== 'EEXIST') throw thrown;
    return false;
  }
}

/**
 * @param {string} root the checkout that is locked
 * @param {() => Promise<void>} work runs while no other process works on the same checkout
 */
export async function withInstallLock(root, work) {
  const key = createHash('sha256').update(root).digest('hex').slice(0, 16);
  const file = join(tmpdir(), `mosaic-install-${process.getuid?.() ?? 0}-${key}.lock`);
  while (!tryLock(file)) {
    if (isStale(file)) removeStale(file);
    else await new Promise((wake) => setTimeout(wake, pollMs));
  }
  try {
    await work();
  } finally {
    rmSync(file, { force: true });
  }
}
