import { createHash } from 'node:crypto';
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { decodeTaskModel, type TaskModel } from '../app/classify/task-model.ts';

/** The checked-in weights; `npm run train:routing` writes them. */
export const taskModelFile = join(import.meta.dirname, '../../model/task-model.bin');

/** Reads the classifier's weights. Throws when the file is missing or of another shape. */
export function readTaskModel(path: string = taskModelFile): TaskModel {
  const bytes = readFileSync(path);
  const hash = createHash('sha256').update(bytes).digest('hex');
  return decodeTaskModel(bytes, hash.slice(0, 12));
}
