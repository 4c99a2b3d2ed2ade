import type { TaskType } from '@mosaic/proto';
import { type SignsOfWork, startOf, weightOf } from '../judge-complexity.ts';
import { offersAnswers } from './measures.ts';
import { chance, chancesBy, type DifficultyTrees, needOfStrong } from './trees.ts';

export interface DifficultyQuestion {
  readonly task: TaskType;
  /** What the words of the request alone say. */
  readonly signs: SignsOfWork;
  readonly measured: Float32Array;
}

export interface Difficulty {
  /** 0 to 1, over all tasks: how much is won by asking a strong model. */
  readonly difficulty: number;
  /** 0 to 1: how likely a weak model is to be wrong, whether or not a strong one would be right. */
  readonly weakFails: number;
}

/** Tasks of which rows tell what two models got right. */
const learnedTasks: ReadonlySet<TaskType> = new Set(['math', 'reasoning', 'simple_qa']);

/**
 * Learned for those tasks and for whatever offers answers to choose from. About programming, writing
 * and the like no row tells: there the trees would take every long text for a hard exam, so that the
 * visible signs of work speak instead, on the same scale.
 */
export function judgeDifficulty(
  { measured, signs, task }: DifficultyQuestion,
  trees: DifficultyTrees,
): Difficulty {
  const chances = chancesBy(trees, measured);
  const isLearned = learnedTasks.has(task) || offersAnswers(measured);
  return {
    difficulty: isLearned ? needOfStrong(chances) : needBySigns(task, signs),
    weakFails: 1 - chances.weak,
  };
}

/** Where strong models lead most of what was not learned (MT-bench: 2.9 of 10 points in coding). */
const leadingTasks: ReadonlySet<TaskType> = new Set(['coding', 'data_analysis', 'research']);

/** Writing without signs lies at 0.46, coding at 0.7; one clear sign lifts either as far again. */
function needBySigns(task: TaskType, { easier, harder }: SignsOfWork): number {
  const score = startOf(task) + weightOf(harder) - weightOf(easier);
  return chance(score / 2 - 0.4 + (leadingTasks.has(task) ? 1 : 0));
}
