import {
  constants,
  type FileHandle,
  lstat,
  mkdir,
  open,
  readdir,
  realpath,
  rm,
} from 'node:fs/promises';
import { dirname, isAbsolute, join, relative, sep } from 'node:path';
import { MosaicError } from '@mosaic/proto';
import type { ToolContext } from './tool.ts';

/** Largest file that tools read or write, in bytes. */
export const maxFileBytes = 1_000_000;

/** The folder of one conversation's files: the only place that file tools can reach. */
export async function openWorkspace(root: string, context: ToolContext): Promise<string> {
  const folder = join(root, context.caller.userId, context.conversationId);
  await mkdir(folder, { recursive: true, mode: 0o700 });
  return realpath(folder);
}

/** Removes all files of a person's conversations; answers how many there were. */
export async function removeWorkspaces(root: string, userId: string): Promise<number> {
  const folder = join(root, userId);
  const isThere = await lstat(folder).then(
    (found) => found.isDirectory(),
    () => false,
  );
  if (!isThere) return 0;
  const files = await listInside(folder, Number.POSITIVE_INFINITY);
  await rm(folder, { recursive: true, force: true });
  return files.length;
}

/**
 * Turns a path of the model into one inside the workspace. Refuses absolute paths, `..`, NUL, and
 * every path whose existing part leads outside through a link.
 */
export async function resolveInside(workspace: string, path: string): Promise<string> {
  const parts = path.split(/[\\/]/);
  if (path === '' || path.includes('\0') || isAbsolute(path) || parts.includes('..')) {
    throw outside(path);
  }
  const target = join(workspace, ...parts);
  const existing = await realpathOfExisting(target);
  if (existing === undefined) throw outside(path);
  const inside = relative(workspace, existing);
  if (inside === '..' || inside.startsWith(`..${sep}`) || isAbsolute(inside)) throw outside(path);
  return target;
}

/** Opens a file without following a link in the last place (the folders above were checked). */
export async function openInside(target: string, flags: number): Promise<FileHandle> {
  try {
    return await open(target, flags | constants.O_NOFOLLOW, 0o600);
  } catch (cause) {
    throw new MosaicError('not_found', 'This file cannot be opened in the workspace.', { cause });
  }
}

/** Paths of all files below the workspace, links left out, at most `limit`. */
export async function listInside(workspace: string, limit: number): Promise<string[]> {
  const entries = await readdir(workspace, { recursive: true, withFileTypes: true });
  return entries
    .filter((entry) => entry.isFile())
    .map((entry) => relative(workspace, join(entry.parentPath, entry.name)))
    .sort()
    .slice(0, limit);
}

/** Where the existing part of a path really is; undefined when a link on the way leads nowhere. */
async function realpathOfExisting(path: string): Promise<string | undefined> {
  try {
    return await realpath(path);
  } catch {
    const isLink = await lstat(path).then(
      (found) => found.isSymbolicLink(),
      () => false,
    );
    return isLink ? undefined : realpathOfExisting(dirname(path));
  }
}

function outside(path: string): MosaicError {
  return new MosaicError(
    'forbidden',
    `"${path.slice(0, 200)}" is not a relative path inside the workspace.`,
  );
}
