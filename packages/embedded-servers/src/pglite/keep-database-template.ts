import { existsSync, mkdirSync, mkdtempSync, renameSync, rmSync } from 'node:fs';
import { join } from 'node:path';
import { PGlite } from '@electric-sql/pglite';
import { vector } from '@electric-sql/pglite-pgvector';
import { FIRST_STATEMENTS, TEMPLATE_FOLDER, templatePath } from './database-template.ts';

/**
 * Makes a new database and keeps it as template, unless one is kept: for whoever will start many, since
 * making one costs PGlite 5.9 s of CPU, copying and opening one 1.8. It appears whole; of two who make
 * it at once the first one's stays. Throws what PGlite and the file system throw.
 */
export async function keepDatabaseTemplate(folder = TEMPLATE_FOLDER): Promise<void> {
  const path = templatePath(folder);
  if (existsSync(path)) return;
  mkdirSync(folder, { recursive: true, mode: 0o700 });
  const draft = mkdtempSync(join(folder, 'making-'));
  try {
    const db = new PGlite({ dataDir: draft, extensions: { vector } });
    await db.waitReady;
    await db.exec(FIRST_STATEMENTS);
    await db.close();
    renameSync(draft, path);
  } catch (error) {
    if (!existsSync(path)) throw error;
  } finally {
    rmSync(draft, { recursive: true, force: true });
  }
}
