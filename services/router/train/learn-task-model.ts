import { taskTypes } from '@mosaic/proto';
import type { TaskWeights } from '../src/app/classify/task-model.ts';
import { fitDifficulty } from './difficulty/fit-difficulty.ts';
import {
  fitTasks,
  fitTemperature,
  quantise,
  type rememberVectors,
  taskScores,
  type Vectors,
  weighRows,
} from './fit-task-model.ts';
import { type DifficultyRow, ownSource, type TaskRow } from './read-rows.ts';

export interface Lessons {
  readonly rows: readonly TaskRow[];
  readonly difficulty: readonly DifficultyRow[];
  readonly seed: number;
  readonly vectors: ReturnType<typeof rememberVectors>;
  /** Known from an earlier learning; otherwise fitted on sources held out. */
  readonly temperature?: number;
}

/** Learns tasks and difficulty, and how sure the result may be. Same lessons, same model. */
export function learnTaskModel(lessons: Lessons): TaskWeights {
  const { rows, seed, vectors } = lessons;
  const temperature =
    lessons.temperature ?? temperatureOnUnseen(rows, { vectors: vectors.tasks, seed });
  return {
    ...quantise(fitTasks(weighRows(rows, vectors.tasks), seed)),
    temperature,
    difficulty: fitDifficulty(lessons.difficulty, { measured: vectors.measured, seed }),
  };
}

/** Two halves of the sources judge each other, because users are a source unseen in training. */
function temperatureOnUnseen(
  rows: readonly TaskRow[],
  { vectors, seed }: { readonly vectors: Vectors; readonly seed: number },
): number {
  const sources = [...new Set(rows.map((row) => row.source))].filter((one) => one !== ownSource);
  if (sources.length === 0) return 1;
  const judged = [0, 1].flatMap((half) => {
    const held = new Set(sources.filter((_, index) => index % 2 === half));
    const seen = rows.filter((row) => !held.has(row.source));
    const fitted = fitTasks(weighRows(seen, vectors), seed);
    return rows
      .filter((row) => held.has(row.source))
      .map((row) => ({
        scores: taskScores(vectors(row.prompt), fitted),
        wanted: taskTypes.indexOf(row.task),
      }));
  });
  return fitTemperature(judged);
}
