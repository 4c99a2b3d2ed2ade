import type { Vectors } from '@mosaic/router/train/fit-task-model';
import { readExemplars } from '@mosaic/router/train/read-exemplars';
import type { TaskRow } from '@mosaic/router/train/read-rows';
import { model } from './example-world.ts';
import { bySource, fiveFolds, judgeByCues, judgeUnseen, type Trial } from './learn-and-judge.ts';
import {
  accuracy,
  accuracyOnSurest,
  calibrationError,
  macroF1,
  type Verdict,
  wrongTiers,
} from './task-figures.ts';
import { tfIdfOf } from './tf-idf.ts';

const figure = (value: number) => value.toFixed(3);

/** Every way of telling the task, on rows that it has not learned from. */
export function printTasks(
  test: readonly TaskRow[],
  all: readonly TaskRow[],
  vectors: Vectors,
): void {
  const lessons = all.filter((row) => row.mayTrain);
  const ours: Trial = {
    lessons,
    exemplars: readExemplars(),
    vectorsFor: () => vectors,
    temperature: model.temperature,
  };
  const usual: Trial = { ...ours, vectorsFor: tfIdfOf, exemplars: [] };
  console.log(
    '\n| tasks | accuracy | macro-F1 | strong taken for weak | weak for strong | ECE | surest 50 % | surest 70 % |',
  );
  console.log('| --- | --- | --- | --- | --- | --- | --- | --- |');
  printVerdicts('majority', asMostFrequent(test));
  printVerdicts('keyword cues', test.map(judgeByCues));
  printVerdicts('TF-IDF, 5 folds', inFolds(test, usual));
  printVerdicts('TF-IDF, source left out', withoutSource(test, usual));
  printVerdicts('learned, 5 folds', inFolds(test, ours));
  const sources = withoutSource(test, ours);
  printVerdicts('learned, source left out', sources);
  for (const source of bySource(sources)) printVerdicts(`– ${source[0]?.source}`, source);
  printGates(sources);
}

/** How many messages a judge would be asked about, and how often the classifier is right on them. */
function printGates(verdicts: readonly Verdict[]): void {
  console.log('\n| a judge is asked below | share asked | right below | right above |');
  console.log('| --- | --- | --- | --- |');
  for (const gate of [0.3, 0.4, 0.5, 0.6, 0.7]) {
    const [unsure, sure] = [
      verdicts.filter(({ p }) => p < gate),
      verdicts.filter(({ p }) => p >= gate),
    ];
    const cells = [unsure.length / verdicts.length, accuracy(unsure), accuracy(sure)].map(figure);
    console.log(`| ${[gate, ...cells].join(' | ')} |`);
  }
}

const inFolds = (test: readonly TaskRow[], trial: Trial) =>
  judgeUnseen(fiveFolds(test), trial, () => true);

const withoutSource = (test: readonly TaskRow[], trial: Trial) =>
  judgeUnseen(bySource(test), trial, (row, [first]) => row.source !== first?.source);

function asMostFrequent(test: readonly TaskRow[]): Verdict[] {
  const groups = Object.values(Object.groupBy(test, (row) => row.task));
  const [most] = groups.sort((left, right) => right.length - left.length);
  const said = most?.[0]?.task ?? 'chat';
  return test.map((row) => ({ source: row.source, truth: row.task, said, p: 0 }));
}

function printVerdicts(name: string, verdicts: readonly Verdict[]): void {
  const { over, under } = wrongTiers(verdicts);
  const isSure = verdicts.some(({ p }) => p > 0);
  const sure = isSure
    ? [calibrationError(verdicts), accuracyOnSurest(verdicts, 0.5), accuracyOnSurest(verdicts, 0.7)]
    : [];
  const cells = [accuracy(verdicts), macroF1(verdicts), under, over, ...sure].map(figure);
  console.log(`| ${[name, ...cells, ...(isSure ? [] : ['', '', ''])].join(' | ')} |`);
}
