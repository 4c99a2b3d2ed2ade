import { parseArgs } from 'node:util';
import { rememberVectors } from '@mosaic/router/train/fit-task-model';
import { readExemplars } from '@mosaic/router/train/read-exemplars';
import { readDifficultyRows, readTaskRows, type TaskRow } from '@mosaic/router/train/read-rows';
import { percentileRow, tableHead } from '../percentiles.ts';
import { decide, model } from './example-world.ts';
import { judgeFile } from './judge-file.ts';
import {
  bySource,
  difficultyOfUnseen,
  fiveFolds,
  judgeByCues,
  judgeUnseen,
} from './learn-and-judge.ts';
import {
  accuracy,
  accuracyOnSurest,
  apgr,
  calibrationError,
  macroF1,
  type Verdict,
} from './task-figures.ts';

const vectors = rememberVectors(model.words);
const figure = (value: number) => value.toFixed(3);

function printTasks(test: readonly TaskRow[], all: readonly TaskRow[]): void {
  const lessons = all.filter((row) => row.mayTrain);
  const trial = { lessons, exemplars: readExemplars(), vectors, temperature: model.temperature };
  const folds = judgeUnseen(fiveFolds(test), trial, () => true);
  const sources = judgeUnseen(
    bySource(test),
    trial,
    (row, [first]) => row.source !== first?.source,
  );
  const [common] = Object.entries(Object.groupBy(test, (row) => row.task)).sort(
    ([, left = []], [, right = []]) => right.length - left.length,
  )[0] ?? ['chat'];
  const majority = test.map((row) => ({ ...judgeByCues(row), said: common as Verdict['said'] }));
  console.log('| tasks | accuracy | macro-F1 | ECE | surest 50 % | surest 70 % |');
  console.log('| --- | --- | --- | --- | --- | --- |');
  printVerdicts('majority', majority);
  printVerdicts('keyword cues', test.map(judgeByCues));
  printVerdicts('learned, 5 folds', folds);
  printVerdicts('learned, source left out', sources);
  for (const source of bySource(sources)) printVerdicts(`– ${source[0]?.source}`, source);
}

function printVerdicts(name: string, verdicts: readonly Verdict[]): void {
  const isSure = verdicts.some(({ p }) => p > 0);
  const sure = isSure
    ? [calibrationError(verdicts), accuracyOnSurest(verdicts, 0.5), accuracyOnSurest(verdicts, 0.7)]
    : [];
  const cells = [accuracy(verdicts), macroF1(verdicts), ...sure].map(figure);
  console.log(`| ${name} | ${cells.join(' | ')} |`);
}

function printDifficulty(): void {
  const judged = difficultyOfUnseen(readDifficultyRows(), vectors);
  console.log('\n| APGR, 5 folds | prompts | random | prompt length | learned |');
  console.log('| --- | --- | --- | --- | --- |');
  const groups = bySource(judged.map((one) => ({ ...one, source: one.row.source })));
  for (const group of groups) {
    const long = group.map(({ row, lead }) => ({ lead, score: row.prompt.length }));
    const cells = [0.5, apgr(long), apgr(group)].map(figure);
    console.log(`| ${group[0]?.source} | ${group.length} | ${cells.join(' | ')} |`);
  }
}

function printTimes(rows: readonly TaskRow[]): void {
  for (const row of rows.slice(0, 300)) decide(row.prompt);
  const tookUs = rows.map((row) => decide(row.prompt).us);
  console.log(`\n${tableHead('µs')}`);
  console.log(percentileRow('decide', tookUs, 0));
}

const { values } = parseArgs({
  options: { input: { type: 'string' }, output: { type: 'string' } },
});
if (values.input !== undefined && values.output !== undefined) {
  console.log(`${judgeFile(values.input, values.output)} prompts judged: ${values.output}`);
} else {
  const all = readTaskRows();
  if (all.length === 0) console.log('No public prompts beside the repository: times only.');
  const test = all.filter((row) => row.isBalanced);
  printTimes(test.length > 0 ? test : readExemplars());
  if (all.length > 0) {
    printTasks(test, all);
    printDifficulty();
  }
}
