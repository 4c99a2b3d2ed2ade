import { createHash } from 'node:crypto';
import { readdir, readFile } from 'node:fs/promises';
import { join } from 'node:path';

/** One migration of the folder; applied in the order of names. */
export interface Migration {
  /** `<stamp>_<name>`, the folder's name. */
  readonly name: string;
  readonly sql: string;
  /** SHA-256 of the text in hex. */
  readonly checksum: string;
}

/** Reads `<dir>/<stamp>_<name>/migration.sql`, oldest first. */
export async function readMigrations(dir: string): Promise<readonly Migration[]> {
  const entries = await readdir(dir, { withFileTypes: true });
  const names = entries.filter((entry) => entry.isDirectory()).map((entry) => entry.name);
  return Promise.all(
    names.sort().map(async (name) => {
      // A checkout with other line ends is the same migration.
      const sql = (await readFile(join(dir, name, 'migration.sql'), 'utf8')).replaceAll(
        '\r\n',
        '\n',
      );
      return { name, sql, checksum: createHash('sha256').update(sql).digest('hex') };
    }),
  );
}
