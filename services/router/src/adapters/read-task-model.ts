import { createHash } from 'node:crypto';
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { readWordVectors, wordVectorsFile } from '@mosaic/word-vectors';
import { decodeTaskWeights, type TaskModel } from '../app/classify/task-model.ts';

const folder = join(import.meta.dirname, '../../model');

/** The checked-in weights; `npm run train:routing` writes them. */
export const taskModelFile = join(folder, 'task-model.bin');

/** Reads the classifier. Throws when a file is missing or of another shape. */
export function readTaskModel(): TaskModel {
  const weights = readFileSync(taskModelFile);
  const hash = createHash('sha256').update(weights).update(readFileSync(wordVectorsFile));
  return {
    ...decodeTaskWeights(weights),
    words: readWordVectors(),
    version: hash.digest('hex').slice(0, 12),
  };
}
