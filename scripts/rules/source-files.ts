import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';

export interface SourceFile {
  /** Relative to the root, with forward slashes. */
  readonly path: string;
  readonly text: string;
}

const skippedFolders = new Set(['node_modules', 'dist', 'generated', 'fixtures', 'coverage']);
const isSource = (name: string): boolean =>
  /\.(?:[cm]?ts|tsx|[cm]?js|jsx)$/.test(name) && !name.includes('.generated.');

function* walk(root: string, folder: string): Generator<string> {
  for (const entry of readdirSync(join(root, folder), { withFileTypes: true })) {
    const path = folder === '' ? entry.name : `${folder}/${entry.name}`;
    if (entry.isDirectory()) {
      if (!skippedFolders.has(entry.name) && !entry.name.startsWith('.')) yield* walk(root, path);
    } else if (entry.isFile() && isSource(entry.name)) yield path;
  }
}

/** Every hand-written source file under `root`, sorted by path. */
export function readSourceFiles(root: string): readonly SourceFile[] {
  return [...walk(root, '')]
    .sort()
    .map((path) => ({ path, text: readFileSync(join(root, path), 'utf8') }));
}

export const isTestFile = (path: string): boolean => /(?:^|\/)test\//.test(path);
