import { mkdirSync, writeFileSync } from 'node:fs';
import { dirname } from 'node:path';
import { taskTypes } from '@mosaic/proto';
import { readWordVectors } from '@mosaic/word-vectors';
import { taskModelFile } from '../src/adapters/read-task-model.ts';
import { encodeTaskWeights } from '../src/app/classify/task-model.ts';
import { rememberVectors } from './fit-task-model.ts';
import { learnTaskModel } from './learn-task-model.ts';
import { readExemplars } from './read-exemplars.ts';
import { dataFolder, readDifficultyRows, readTaskRows } from './read-rows.ts';

const startedMs = performance.now();
const publicRows = readTaskRows();
const rows = [...readExemplars(), ...publicRows.filter((row) => row.mayTrain)];
const difficulty = readDifficultyRows().filter((row) => row.mayTrain);
if (publicRows.length === 0) {
  console.log(
    `No public prompts at ${dataFolder}: training on the project's own exemplars only, without difficulty. The result is weaker; do not commit it.`,
  );
}
for (const task of taskTypes) {
  console.log(`${task.padEnd(17)} ${rows.filter((row) => row.task === task).length}`);
}
const model = learnTaskModel({
  rows,
  difficulty,
  vectors: rememberVectors(readWordVectors()),
  seed: 7,
});
mkdirSync(dirname(taskModelFile), { recursive: true });
writeFileSync(taskModelFile, encodeTaskWeights(model));
const seconds = (performance.now() - startedMs) / 1_000;
console.log(
  `${rows.length} prompts, ${difficulty.length} with difficulty, temperature ${model.temperature.toFixed(2)}, ${seconds.toFixed(0)} s: ${taskModelFile}`,
);
