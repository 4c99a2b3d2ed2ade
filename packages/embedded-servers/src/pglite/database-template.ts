import { createHash } from 'node:crypto';
import {
  mkdirSync,
  mkdtempSync,
  readdirSync,
  readFileSync,
  rmSync,
  statSync,
  truncateSync,
  writeFileSync,
} from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { deserialize, serialize } from 'node:v8';
import { constants, zstdCompressSync, zstdDecompressSync } from 'node:zlib';
import { PGlite } from '@electric-sql/pglite';
import { vector } from '@electric-sql/pglite-pgvector';
import { writeDurably } from './data-dumps.ts';

/** What every database has before anybody uses it; harmless to repeat. */
export const FIRST_STATEMENTS =
  'create extension if not exists vector; alter extension vector update';
/** Changed whenever the form of the file changes. */
const FORM = 1;
/** Beside what other tools keep: `npm ci` removes it with the packages it was made from. */
const CACHE_FOLDER = fileURLToPath(
  new URL('../../../../node_modules/.cache/mosaic', import.meta.url),
);

/** A data directory in memory. */
type Tree = {
  /** Outer ones first. */
  readonly folders: readonly string[];
  /** Without the zeros at their ends: of the first 16 MB of the write-ahead log that is most. */
  readonly files: readonly (readonly [path: string, content: Uint8Array, size: number])[];
};

function versionOf(packageName: string): string {
  const manifest = new URL('../package.json', import.meta.resolve(packageName));
  return (JSON.parse(readFileSync(manifest, 'utf8')) as { version: string }).version;
}

/**
 * The file that keeps the template. Its name tells everything that the content hangs on: PGlite sets
 * time zone, locale and user itself. Roles, schemas and tables are no part of it: each database makes
 * its own.
 */
export function templatePath(folder: string): string {
  const versions = ['@electric-sql/pglite', '@electric-sql/pglite-pgvector'].map(versionOf);
  const hash = createHash('sha256').update(JSON.stringify([FORM, FIRST_STATEMENTS, ...versions]));
  return join(folder, `new-database-${versions[0]}-${hash.digest('hex').slice(0, 12)}.zst`);
}

function readTree(root: string): Tree {
  const names = readdirSync(root, { recursive: true, encoding: 'utf8' }).sort();
  const isFolder = (name: string) => statSync(join(root, name)).isDirectory();
  return {
    folders: names.filter(isFolder),
    files: names
      .filter((name) => !isFolder(name))
      .map((name) => {
        const content = readFileSync(join(root, name));
        const end = content.findLastIndex((byte) => byte !== 0) + 1;
        return [name, content.subarray(0, end), content.length] as const;
      }),
  };
}

/** Last comes the file that says that there is a database: who is killed before begins again. */
function writeTree(root: string, tree: Tree): void {
  for (const name of tree.folders) mkdirSync(join(root, name), { recursive: true, mode: 0o700 });
  const isMark = ([name]: Tree['files'][number]) => name === 'PG_VERSION';
  const files = [...tree.files.filter((file) => !isMark(file)), ...tree.files.filter(isMark)];
  for (const [name, content, size] of files) {
    writeFileSync(join(root, name), content, { mode: 0o600 });
    if (size > content.length) truncateSync(join(root, name), size);
  }
}

/** The kept template; undefined when there is none or its checksum says that it is damaged. */
export function readTemplate(path: string): Tree | undefined {
  try {
    return deserialize(zstdDecompressSync(readFileSync(path))) as Tree;
  } catch {
    return undefined;
  }
}

/** Lets PGlite make a database in a temporary folder, and reads its files. */
async function makeTree(): Promise<Tree> {
  const draft = mkdtempSync(join(tmpdir(), 'mosaic-new-database-'));
  try {
    const db = new PGlite({ dataDir: draft, extensions: { vector } });
    await db.waitReady;
    await db.exec(FIRST_STATEMENTS);
    await db.close();
    return readTree(draft);
  } finally {
    rmSync(draft, { recursive: true, force: true });
  }
}

/**
 * Makes a new database and keeps it as template, unless one is kept that is whole: for whoever will make
 * many, since making one costs PGlite 5.9 s of CPU, copying and opening one 1.8. It is one file that
 * appears whole; two who make it at once write the same. Throws what the file system throws.
 */
export async function keepDatabaseTemplate(folder = CACHE_FOLDER): Promise<void> {
  const path = templatePath(folder);
  if (readTemplate(path) !== undefined) return;
  mkdirSync(folder, { recursive: true, mode: 0o700 });
  const params = { [constants.ZSTD_c_checksumFlag]: 1 };
  await writeDurably(path, new Blob([zstdCompressSync(serialize(await makeTree()), { params })]));
}

/**
 * Fills an empty data directory with the template's database. Where none is kept, or it can't be
 * copied, the directory stays empty, and PGlite makes the database in it.
 */
export function copyDatabaseTemplate(dataDir: string, folder = CACHE_FOLDER): void {
  const tree = readTemplate(templatePath(folder));
  if (tree === undefined) return;
  try {
    writeTree(dataDir, tree);
  } catch (error) {
    console.error('starting without the template of a new database:', error);
    rmSync(dataDir, { recursive: true, force: true });
    mkdirSync(dataDir, { recursive: true, mode: 0o700 });
  }
}
