import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { decodeWordVectors, type WordVectors } from './decode-table.ts';

/** The checked-in table; `npm run train:words` writes it. */
export const wordVectorsFile = join(import.meta.dirname, '..', 'model', 'word-vectors.bin');
let table: WordVectors | undefined;

/** The table that comes with Mosaic; read from its file once in a process (4 MB). Throws when it is missing. */
export function readWordVectors(): WordVectors {
  table ??= decodeWordVectors(readFileSync(wordVectorsFile));
  return table;
}
