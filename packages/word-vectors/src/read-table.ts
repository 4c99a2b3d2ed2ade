import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { decodeWordVectors, type WordVectors } from './decode-table.ts';

const file = join(import.meta.dirname, '..', 'model', 'word-vectors.bin');
let table: WordVectors | undefined;

/** The table that comes with Mosaic; read from its file once in a process (4 MB). */
export function readWordVectors(): WordVectors {
  table ??= decodeWordVectors(readFileSync(file));
  return table;
}
