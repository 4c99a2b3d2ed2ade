import { mkdirSync, readdirSync, rmSync } from 'node:fs';
import { open, rename } from 'node:fs/promises';
import { join } from 'node:path';
import type { PGlite } from '@electric-sql/pglite';

const KEPT_DUMPS = 3;
const SUFFIX = '.tar.gz';

/** Writes a file so that a crash leaves the old one or the new one, on the disk, never half. */
export async function writeDurably(path: string, content: Blob): Promise<void> {
  const draft = `${path}.${process.pid}.part`;
  const file = await open(draft, 'w', 0o600);
  try {
    await file.writeFile(Buffer.from(await content.arrayBuffer()));
    await file.sync();
  } finally {
    await file.close();
  }
  await rename(draft, path);
}

/**
 * Writes a copy of the whole data directory to `dumps/`, keeps the last three, and returns the
 * new one's path.
 *
 * Why: PGlite runs without fsync and its file layer's sync does nothing, so kill -9 loses no
 * acknowledged row but a power cut may lose or tear data. A dump is synced to the disk, hence it
 * is what survives; what was written after it may not. It is a copy of the files (PGlite's
 * `dumpDataDir`), not SQL: it opens with the same major version of PostgreSQL, by
 * `loadDataDir`, and it would carry an already damaged index along.
 */
export async function dumpDatabase(db: PGlite, dataDir: string): Promise<string> {
  const directory = join(dataDir, 'dumps');
  mkdirSync(directory, { recursive: true, mode: 0o700 });
  const path = join(directory, `${new Date().toISOString().replaceAll(':', '-')}${SUFFIX}`);
  await writeDurably(path, await db.dumpDataDir('gzip'));
  const names = readdirSync(directory).filter((name) => name.endsWith(SUFFIX));
  for (const old of names.sort().slice(0, -KEPT_DUMPS)) {
    rmSync(join(directory, old), { force: true });
  }
  return path;
}
