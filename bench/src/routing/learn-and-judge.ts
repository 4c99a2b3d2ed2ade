import { type TaskType, taskTypes } from '@mosaic/proto';
import { judgeDifficulty } from '@mosaic/router/app/classify/difficulty/judge-difficulty';
import type { DifficultyTrees } from '@mosaic/router/app/classify/difficulty/trees';
import { signsOfWork } from '@mosaic/router/app/classify/judge-complexity';
import { scopeText } from '@mosaic/router/app/classify/scope-text';
import { judgeTask } from '@mosaic/router/app/classify/task-model';
import { cues } from '@mosaic/router/app/cues';
import { fitDifficulty, type Measured } from '@mosaic/router/train/difficulty/fit-difficulty';
import { fitTasks, taskScores, type Vectors, weighRows } from '@mosaic/router/train/fit-task-model';
import type { DifficultyRow, TaskRow } from '@mosaic/router/train/read-rows';
import { seeded } from '@mosaic/router/train/seeded';
import { model } from './example-world.ts';
import type { Verdict } from './task-figures.ts';

export interface Trial {
  /** Public rows that may train; rows of the test are taken out of them. */
  readonly lessons: readonly TaskRow[];
  readonly exemplars: readonly TaskRow[];
  /** How prompts become features, when these are the prompts learned from. */
  readonly vectorsFor: (lessons: readonly string[]) => Vectors;
  readonly temperature: number;
}

const seed = 7;

/** Groups of rows, each judged by a model that has seen none of them. */
export function judgeUnseen(
  groups: readonly (readonly TaskRow[])[],
  trial: Trial,
  isLesson: (row: TaskRow, group: readonly TaskRow[]) => boolean,
): Verdict[] {
  return groups.flatMap((group) => {
    const hidden = new Set(group.map((row) => row.prompt));
    const seen = trial.lessons.filter((row) => !hidden.has(row.prompt) && isLesson(row, group));
    const lessons = [...trial.exemplars, ...seen];
    const vectors = trial.vectorsFor(lessons.map((row) => row.prompt));
    const fitted = fitTasks(weighRows(lessons, vectors), seed);
    return group.map((row) => ({
      source: row.source,
      truth: row.task,
      ...likeliest(taskScores(vectors(row.prompt), fitted), trial.temperature),
    }));
  });
}

function likeliest(scores: Float64Array, temperature: number): { said: TaskType; p: number } {
  const top = Math.max(...scores);
  const sum = scores.reduce((total, score) => total + Math.exp((score - top) / temperature), 0);
  return { said: taskTypes[scores.indexOf(top)] ?? 'chat', p: 1 / sum };
}

/** The same rows in five groups by lot. */
export function fiveFolds<Row>(rows: readonly Row[]): Row[][] {
  const random = seeded(seed);
  const folds: Row[][] = [[], [], [], [], []];
  for (const row of rows) folds[Math.floor(random() * 5)]?.push(row);
  return folds;
}

/** The rows of each source together. */
export function bySource<Row extends { readonly source: string }>(rows: readonly Row[]): Row[][] {
  return Object.values(Object.groupBy(rows, (row) => row.source)).filter(
    (one) => one !== undefined,
  );
}

/** The hand-made scoring of before: the sum of the weights of the cues seen. */
export function judgeByCues(row: TaskRow): Verdict {
  const scores = new Map<TaskType, number>([['chat', 0.5]]);
  for (const cue of cues) {
    if (!cue.pattern.test(row.prompt.slice(0, 6_000))) continue;
    scores.set(cue.task, (scores.get(cue.task) ?? 0) + cue.weight);
  }
  const [said] = [...scores].sort(([, left], [, right]) => right - left)[0] ?? ['chat' as const];
  return { source: row.source, truth: row.task, said, p: 0 };
}

/** The checked-in model's word on the task, which does not depend on what two models got right. */
const taskOf = (prompt: string) => judgeTask(prompt, model).ranked[0]?.task ?? 'chat';

/** The difficulty that is told of a prompt, by trees that have not seen it. */
export function needOf(
  prompt: string,
  { fitted, measured }: { readonly fitted: DifficultyTrees; readonly measured: Measured },
): number {
  const task = taskOf(prompt);
  const signs = signsOfWork(scopeText(prompt).instruction);
  return judgeDifficulty({ task, signs, measured: measured(prompt) }, fitted).difficulty;
}

/** How much better the strong model was, beside scores of a model that has not seen the group. */
export function difficultyOfUnseen(
  groups: readonly (readonly DifficultyRow[])[],
  measured: Measured,
) {
  return groups.flatMap((group) => {
    const lessons = groups.filter((other) => other !== group).flat();
    const fitted = fitDifficulty(
      lessons.filter((row) => row.mayTrain),
      { measured, seed },
    );
    return group.map((row) => ({
      row,
      source: row.source,
      task: taskOf(row.prompt),
      score: needOf(row.prompt, { fitted, measured }),
      lead: Number(row.strongOk) - Number(row.weakOk),
    }));
  });
}

/** Five groups of whole subjects, so that none is learned from and judged. */
export function bySubject(rows: readonly DifficultyRow[]): DifficultyRow[][] {
  const subjects = [...new Set(rows.map((row) => row.subject))].sort();
  return Object.values(
    Object.groupBy(rows, (row) => String(subjects.indexOf(row.subject) % 5)),
  ).filter((one) => one !== undefined);
}
