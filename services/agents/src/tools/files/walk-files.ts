import { readdir } from 'node:fs/promises';
import { posix } from 'node:path';
import { type HeldFolder, openFolder } from './open-inside.ts';

/** Paths of the files below a folder of the workspace, in order; links are left out. */
export async function* walkFiles(
  workspace: HeldFolder,
  folders: readonly string[],
): AsyncGenerator<string, void, undefined> {
  const folder = await openFolder(workspace, folders);
  try {
    const entries = await readdir(folder.path, { withFileTypes: true });
    entries.sort((left, right) => (left.name < right.name ? -1 : 1));
    for (const entry of entries) {
      if (entry.isFile()) yield posix.join(...folders, entry.name);
      if (entry.isDirectory()) yield* walkFiles(workspace, [...folders, entry.name]);
    }
  } finally {
    await folder.handle.close();
  }
}
