import { difficultyBy } from '@mosaic/router/app/classify/difficulty/trees';
import { fitDifficulty, type Measured } from '@mosaic/router/train/fit-difficulty';
import { readBenchQuestions, readDifficultyRows } from '@mosaic/router/train/read-rows';
import { bySource, bySubject, difficultyOfUnseen, fiveFolds } from './learn-and-judge.ts';
import { apgr } from './task-figures.ts';

const figure = (value: number) => value.toFixed(3);

/** APGR by source: random, by length, and learned without the row or without its whole subject. */
export function printDifficulty(measured: Measured): void {
  const rows = readDifficultyRows();
  if (rows.length === 0) return;
  const byFold = bySource(difficultyOfUnseen(fiveFolds(rows), measured));
  const unseenSubjects = bySource(difficultyOfUnseen(bySubject(rows), measured));
  console.log('\n| APGR | prompts | random | prompt length | 5 folds | subject left out |');
  console.log('| --- | --- | --- | --- | --- | --- |');
  for (const group of byFold) {
    const source = group[0]?.source ?? '';
    const others = unseenSubjects.find(([first]) => first?.source === source) ?? [];
    const long = group.map(({ row, lead }) => ({ lead, score: row.prompt.length }));
    const cells = [0.5, apgr(long), apgr(group), apgr(others)].map(figure);
    console.log(`| ${source} | ${group.length} | ${cells.join(' | ')} |`);
  }
  printBenchQuestions(measured);
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
    score: difficultyBy(fitted, measured(prompt)),
  }));
  const cells = [0.5, apgr(long), apgr(learned)].map(figure);
  console.log(`| MT-bench | ${questions.length} | ${cells.join(' | ')} | – |`);
}
