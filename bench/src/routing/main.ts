import { parseArgs } from 'node:util';
import { warmUp } from '@mosaic/router/app/warm-up';
import { rememberVectors } from '@mosaic/router/train/fit-task-model';
import { readExemplars } from '@mosaic/router/train/read-exemplars';
import { readTaskRows, type TaskRow } from '@mosaic/router/train/read-rows';
import { percentileRow, tableHead } from '../percentiles.ts';
import { decide, model } from './example-world.ts';
import { judgeFile } from './judge-file.ts';
import { printChanges } from './print-changes.ts';
import { printDifficulty } from './print-difficulty.ts';
import { printTasks } from './print-tasks.ts';

function printTimes(rows: readonly TaskRow[]): void {
  for (const row of rows.slice(0, 300)) decide(row.prompt);
  const tookUs = rows.map((row) => decide(row.prompt).us);
  const megabyte = `${'word { and | more, '.repeat(55_000)}\nSummarize this.`;
  const hugeUs = Array.from({ length: 20 }, () => decide(megabyte).us);
  console.log(`\n${tableHead('µs')}`);
  console.log(percentileRow('decide', tookUs, 0));
  const quickestUs = rows.map(({ prompt }) => Math.min(...[1, 2, 3].map(() => decide(prompt).us)));
  console.log(percentileRow('decide, quickest of three', quickestUs, 0));
  console.log(percentileRow('decide, a megabyte', hugeUs, 0));
}

/** What people get who ask soon after the start. Only true of a process that has not decided yet. */
function printStart(rows: readonly TaskRow[]): void {
  const startedMs = performance.now();
  warmUp(model);
  console.log(`warming up took ${(performance.now() - startedMs).toFixed(0)} ms`);
  // The rows stand by source: every 13th is of another.
  const mixed = rows.map((_, at) => rows[(at * 13) % rows.length]?.prompt ?? '');
  const tookUs = mixed.slice(0, 100).map((prompt) => decide(prompt).us);
  console.log(tableHead('µs'));
  console.log(percentileRow('decide, the first 10', tookUs.slice(0, 10), 0));
  console.log(percentileRow('decide, the first 100', tookUs, 0));
}

const { values } = parseArgs({
  options: {
    input: { type: 'string' },
    output: { type: 'string' },
    only: { type: 'string', default: 'times,changes,tasks,difficulty' },
  },
});
if (values.input !== undefined && values.output !== undefined) {
  console.log(`${judgeFile(values.input, values.output)} prompts judged: ${values.output}`);
} else {
  const parts = new Set(values.only.split(','));
  const all = readTaskRows();
  if (all.length === 0) console.log('No public prompts beside the repository: times only.');
  const test = all.filter((row) => row.isBalanced);
  const vectors = rememberVectors(model.words);
  if (parts.has('start')) printStart(test.length > 0 ? test : readExemplars());
  if (parts.has('times')) printTimes(test.length > 0 ? test : readExemplars());
  if (parts.has('changes') && test.length > 0) printChanges(test);
  if (parts.has('tasks') && test.length > 0) printTasks(test, all, vectors.tasks);
  if (parts.has('difficulty')) printDifficulty(vectors.measured);
}
