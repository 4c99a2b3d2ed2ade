import { type TaskType, taskTypes } from '@mosaic/proto';

/** One prompt with its true task and what somebody said about it. */
export interface Verdict {
  readonly source: string;
  readonly truth: TaskType;
  readonly said: TaskType;
  readonly p: number;
}

export function accuracy(verdicts: readonly Verdict[]): number {
  return verdicts.filter(({ truth, said }) => truth === said).length / Math.max(1, verdicts.length);
}

/** Mean of F1 over the tasks that occur. */
export function macroF1(verdicts: readonly Verdict[]): number {
  const scores = taskTypes.flatMap((task) => {
    const there = verdicts.filter(({ truth }) => truth === task).length;
    const named = verdicts.filter(({ said }) => said === task).length;
    const right = verdicts.filter(({ truth, said }) => truth === task && said === task).length;
    return there === 0 ? [] : [(2 * right) / (there + named)];
  });
  return scores.reduce((sum, score) => sum + score, 0) / Math.max(1, scores.length);
}

/** Expected calibration error over ten equal steps of confidence. */
export function calibrationError(verdicts: readonly Verdict[]): number {
  let error = 0;
  for (let step = 0; step < 10; step += 1) {
    const of = verdicts.filter(({ p }) => Math.min(9, Math.floor(p * 10)) === step);
    const confidence = of.reduce((sum, { p }) => sum + p, 0) / Math.max(1, of.length);
    error += (of.length / verdicts.length) * Math.abs(confidence - accuracy(of));
  }
  return error;
}

/** Accuracy on that part of the prompts that was answered most confidently. */
export function accuracyOnSurest(verdicts: readonly Verdict[], part: number): number {
  const sorted = verdicts.toSorted((left, right) => right.p - left.p);
  return accuracy(sorted.slice(0, Math.round(sorted.length * part)));
}

/** Tasks that the default rules send to the dearer models once they are not simple. */
const strongTasks: ReadonlySet<TaskType> = new Set([
  'coding',
  'math',
  'reasoning',
  'data_analysis',
  'research',
]);

/** Strong tasks that were taken for weak ones, and weak ones for strong, as shares of their kind. */
export function wrongTiers(verdicts: readonly Verdict[]): { under: number; over: number } {
  const strong = verdicts.filter(({ truth }) => strongTasks.has(truth));
  const weak = verdicts.filter(({ truth }) => !strongTasks.has(truth));
  return {
    under: strong.filter(({ said }) => !strongTasks.has(said)).length / Math.max(1, strong.length),
    over: weak.filter(({ said }) => strongTasks.has(said)).length / Math.max(1, weak.length),
  };
}

/** Share of the strong model's lead won back, averaged over every share of prompts sent to it. */
export function apgr(rows: readonly { readonly score: number; readonly lead: number }[]): number {
  const sorted = rows.toSorted((left, right) => right.score - left.score);
  const total = sorted.reduce((sum, { lead }) => sum + lead, 0);
  let won = 0;
  let area = 0;
  for (const { lead } of sorted) {
    won += lead;
    area += won / total;
  }
  return area / sorted.length;
}
