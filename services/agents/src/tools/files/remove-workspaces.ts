import { lstat, readdir, rm } from 'node:fs/promises';
import { join } from 'node:path';

/** Removes all files of a person's conversations; answers how many there were. */
export async function removeWorkspaces(root: string, userId: string): Promise<number> {
  const folder = join(root, userId);
  const isThere = await lstat(folder).then(
    (found) => found.isDirectory(),
    () => false,
  );
  if (!isThere) return 0;
  const entries = await readdir(folder, { recursive: true, withFileTypes: true });
  await rm(folder, { recursive: true, force: true });
  return entries.filter((entry) => entry.isFile()).length;
}
