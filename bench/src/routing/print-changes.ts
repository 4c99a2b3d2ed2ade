import { judgeTask } from '@mosaic/router/app/classify/task-model';
import { harmlessChanges } from '@mosaic/router/train/harmless-changes';
import type { TaskRow } from '@mosaic/router/train/read-rows';
import { model } from './example-world.ts';

const taskOf = (prompt: string) => judgeTask(prompt, model).ranked[0]?.task;

/** How often the checked-in model keeps the task of a prompt that was changed without need. */
export function printChanges(rows: readonly TaskRow[]): void {
  const never = rows.filter((row) => !row.mayTrain);
  console.log(
    `\n| same task after | all ${rows.length} | the ${never.length} never learned from |`,
  );
  console.log('| --- | --- | --- |');
  const before = new Map(rows.map((row) => [row, taskOf(row.prompt)]));
  for (const { change, name } of harmlessChanges) {
    const kept = new Set(rows.filter((row) => taskOf(change(row.prompt)) === before.get(row)));
    const share = (of: readonly TaskRow[]) =>
      (of.filter((row) => kept.has(row)).length / Math.max(1, of.length)).toFixed(3);
    console.log(`| ${name} | ${share(rows)} | ${share(never)} |`);
  }
}
