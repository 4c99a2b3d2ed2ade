import { createHash } from 'node:crypto';
import { cpSync, existsSync, mkdirSync, readFileSync, renameSync, rmSync } from 'node:fs';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';

/** What every database has before anybody uses it; harmless to repeat. */
export const FIRST_STATEMENTS =
  'create extension if not exists vector; alter extension vector update';
/** Beside what other tools keep: `npm ci` removes it with the packages it was made from. */
export const TEMPLATE_FOLDER = fileURLToPath(
  new URL('../../../../node_modules/.cache/mosaic', import.meta.url),
);

function versionOf(packageName: string): string {
  const manifest = new URL('../package.json', import.meta.resolve(packageName));
  return (JSON.parse(readFileSync(manifest, 'utf8')) as { version: string }).version;
}

/**
 * The data directory that is kept as template. Its name tells everything that the content hangs on:
 * PGlite sets time zone, locale and user itself. Roles, schemas and tables are no part of it: each
 * database makes its own.
 */
export function templatePath(folder: string): string {
  const versions = ['@electric-sql/pglite', '@electric-sql/pglite-pgvector'].map(versionOf);
  const hash = createHash('sha256').update(JSON.stringify([FIRST_STATEMENTS, ...versions]));
  return join(folder, `new-database-${versions[0]}-${hash.digest('hex').slice(0, 12)}`);
}

/**
 * Copies the template to a data directory that is not there yet or empty. Where none is kept, or it
 * can't be copied, it stays so, and PGlite makes the database in it.
 */
export function copyDatabaseTemplate(dataDir: string, folder = TEMPLATE_FOLDER): void {
  const template = templatePath(folder);
  if (!existsSync(template)) return;
  // Whole or not at all: PGlite takes a directory with `PG_VERSION` for a database.
  const draft = `${dataDir}.copying`;
  try {
    rmSync(draft, { recursive: true, force: true });
    mkdirSync(draft, { recursive: true, mode: 0o700 });
    cpSync(template, draft, { recursive: true });
    renameSync(draft, dataDir);
  } catch (error) {
    console.error('starting without the template of a new database:', error);
    rmSync(draft, { recursive: true, force: true });
  }
}
