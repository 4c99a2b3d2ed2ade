import { type TaskType, taskTypes } from '@mosaic/proto';
import { cues } from '@mosaic/router/app/cues';
import {
  difficultyScore,
  fitDifficulty,
  fitTasks,
  taskScores,
  type Vectors,
  weighRows,
} from '@mosaic/router/train/fit-task-model';
import type { DifficultyRow, TaskRow } from '@mosaic/router/train/read-rows';
import { seeded } from '@mosaic/router/train/seeded';
import type { Verdict } from './task-figures.ts';

export interface Trial {
  /** Public rows that may train; rows of the test are taken out of them. */
  readonly lessons: readonly TaskRow[];
  readonly exemplars: readonly TaskRow[];
  readonly vectors: Vectors;
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
    const rows = weighRows([...trial.exemplars, ...seen], trial.vectors);
    const fitted = fitTasks(rows, seed);
    return group.map((row) => ({
      source: row.source,
      truth: row.task,
      ...likeliest(taskScores(trial.vectors(row.prompt), fitted), trial.temperature),
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

/** How much better the strong model was, beside scores of a model that has not seen the row. */
export function difficultyOfUnseen(rows: readonly DifficultyRow[], vectors: Vectors) {
  return fiveFolds(rows).flatMap((fold, _, folds) => {
    const lessons = folds.filter((other) => other !== fold).flat();
    const fitted = fitDifficulty(
      lessons.filter((row) => row.mayTrain),
      { vectors, seed },
    );
    return fold.map((row) => ({
      row,
      score: difficultyScore(vectors(row.prompt), fitted),
      lead: Number(row.strongOk) - Number(row.weakOk),
    }));
  });
}
