import { constants, type FileHandle, mkdir, open } from 'node:fs/promises';
import { join } from 'node:path';
import { MosaicError } from '@mosaic/proto';
import type { ToolContext } from '../tool.ts';
import { readFilePath } from './workspace-path.ts';

/** Largest file that tools read or write, in bytes. */
export const maxFileBytes = 1_000_000;

/** A folder that is held open: what is opened below it stays below it, whatever is moved meanwhile. */
export interface HeldFolder {
  readonly handle: FileHandle;
  /** Where its entries are found. */
  readonly path: string;
}

const folderFlags = constants.O_RDONLY | constants.O_DIRECTORY | constants.O_NOFOLLOW;

/** Opens the folder of one conversation's files, the only place that file tools reach. */
export async function openWorkspace(root: string, context: ToolContext): Promise<HeldFolder> {
  const path = workspacePath(root, context);
  await mkdir(path, { recursive: true, mode: 0o700 });
  return await hold(path);
}

/** Where the files of a conversation are. */
export function workspacePath(root: string, context: ToolContext): string {
  return join(root, context.caller.userId, context.conversationId);
}

/**
 * Opens a folder below one that is held, name by name, and follows no link anywhere on the way. Throws
 * `not_found`. The caller closes its handle; the one that was given stays open.
 */
export async function openFolder(
  from: HeldFolder,
  names: readonly string[],
  { isMade = false }: { readonly isMade?: boolean } = {},
): Promise<HeldFolder> {
  let folder = await hold(from.path);
  for (const name of names) {
    const above = folder;
    try {
      if (isMade) await makeFolder(join(above.path, name));
      folder = await hold(join(above.path, name));
    } finally {
      await above.handle.close();
    }
  }
  return folder;
}

/**
 * Opens a file of the workspace. Refuses links of both kinds (a file with two names may have the other
 * one outside), and everything that is no plain file. Throws `not_found` and `forbidden`.
 */
export async function openFile(
  workspace: HeldFolder,
  path: string,
  wish: { readonly flags: number; readonly makesFolders?: boolean },
): Promise<FileHandle> {
  const { folders, name } = readFilePath(path);
  const folder = await openFolder(workspace, folders, { isMade: wish.makesFolders ?? false });
  try {
    // Without NONBLOCK opening a pipe would wait for its other end.
    const flags = wish.flags | constants.O_NOFOLLOW | constants.O_NONBLOCK;
    return await assertPlain(await open(join(folder.path, name), flags, 0o600));
  } catch (thrown) {
    throw thrown instanceof MosaicError ? thrown : cannotOpen(thrown);
  } finally {
    await folder.handle.close();
  }
}

async function assertPlain(file: FileHandle): Promise<FileHandle> {
  const found = await file.stat();
  if (found.isFile() && found.nlink === 1) return file;
  await file.close();
  throw new MosaicError(
    'forbidden',
    'This is no plain file of the workspace, or it has two names.',
  );
}

async function hold(path: string): Promise<HeldFolder> {
  try {
    const handle = await open(path, flagsOf(path));
    return { handle, path: process.platform === 'linux' ? `/proc/self/fd/${handle.fd}` : path };
  } catch (thrown) {
    throw cannotOpen(thrown);
  }
}

/** `/proc/self/fd/7` is itself a link, to the folder that is held; below it no link is followed. */
function flagsOf(path: string): number {
  const isHeldItself = /^\/proc\/self\/fd\/\d+$/.test(path);
  return isHeldItself ? folderFlags & ~constants.O_NOFOLLOW : folderFlags;
}

async function makeFolder(path: string): Promise<void> {
  try {
    await mkdir(path, { mode: 0o700 });
  } catch (thrown) {
    const isThere = thrown instanceof Error && 'code' in thrown && thrown.code === 'EEXIST';
    if (!isThere) throw cannotOpen(thrown);
  }
}

function cannotOpen(cause: unknown): MosaicError {
  return new MosaicError('not_found', 'This cannot be opened in the workspace.', { cause });
}
