import { fitDifficulty, type Measured } from '@mosaic/router/train/difficulty/fit-difficulty';
import { readBenchQuestions, readDifficultyRows } from '@mosaic/router/train/read-rows';
import { bySubject, difficultyOfUnseen, fiveFolds, needOf } from './learn-and-judge.ts';
import { apgr } from './task-figures.ts';

const figure = (value: number) => value.toFixed(3);

type Judged = ReturnType<typeof difficultyOfUnseen>;

/** APGR by source and by task: random, by length, and learned without the row or without its whole subject. */
export function printDifficulty(measured: Measured): void {
  const rows = readDifficultyRows();
  if (rows.length === 0) return;
  const byFold = difficultyOfUnseen(fiveFolds(rows), measured);
  const unseenSubjects = difficultyOfUnseen(bySubject(rows), measured);
  console.log('\n| APGR | prompts | random | prompt length | 5 folds | subject left out |');
  console.log('| --- | --- | --- | --- | --- | --- |');
  printGroups(byFold, unseenSubjects, (one) => one.source);
  printGroups(byFold, unseenSubjects, (one) => `taken for ${one.task}`);
  printBenchQuestions(measured);
}

/** Groups of fewer prompts say nothing: one question more or less moves the figure. */
const fewest = 200;

function printGroups(
  byFold: Judged,
  unseenSubjects: Judged,
  nameOf: (one: Judged[number]) => string,
): void {
  const others = Object.groupBy(unseenSubjects, nameOf);
  for (const [name, group = []] of Object.entries(Object.groupBy(byFold, nameOf))) {
    if (group.length < fewest) continue;
    const long = group.map(({ row, lead }) => ({ lead, score: row.prompt.length }));
    const cells = [0.5, apgr(long), apgr(group), apgr(others[name] ?? [])].map(figure);
    console.log(`| ${name} | ${group.length} | ${cells.join(' | ')} |`);
  }
}

/** None of these are learned from. Forty are few: a few questions more or less move the figure. */
function printBenchQuestions(measured: Measured): void {
  const questions = readBenchQuestions();
  if (questions.length === 0) return;
  const lessons = readDifficultyRows().filter((row) => row.mayTrain);
  const fitted = fitDifficulty(lessons, { measured, seed: 7 });
  const long = questions.map(({ lead, prompt }) => ({ lead, score: prompt.length }));
  const learned = questions.map(({ lead, prompt }) => ({
    lead,
    score: needOf(prompt, { fitted, measured }),
  }));
  const cells = [0.5, apgr(long), apgr(learned)].map(figure);
  console.log(`| MT-bench | ${questions.length} | ${cells.join(' | ')} | – |`);
}
