import { createHash } from 'node:crypto';
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { decodeTaskWeights, type TaskModel } from '../app/classify/task-model.ts';
import { decodeWordVectors, type WordVectors } from '../app/classify/word-vectors.ts';

const folder = join(import.meta.dirname, '../../model');

/** The checked-in weights; `npm run train:routing` writes them. */
export const taskModelFile = join(folder, 'task-model.bin');

/** The checked-in table of words; `npm run train:words` writes it. */
export const wordVectorsFile = join(folder, 'word-vectors.bin');

/** Reads the classifier. Throws when a file is missing or of another shape. */
export function readTaskModel(): TaskModel {
  const weights = readFileSync(taskModelFile);
  const words = readFileSync(wordVectorsFile);
  const hash = createHash('sha256').update(weights).update(words).digest('hex');
  return {
    ...decodeTaskWeights(weights),
    words: decodeWordVectors(words),
    version: hash.slice(0, 12),
  };
}

/** Reads the table of words alone, to learn weights with. Throws when it is missing. */
export function readWordVectors(): WordVectors {
  return decodeWordVectors(readFileSync(wordVectorsFile));
}
