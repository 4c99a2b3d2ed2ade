import { readFileSync, writeFileSync } from 'node:fs';
import { judgeTask } from '@mosaic/router/app/classify/task-model';
import { isFollowUp } from '@mosaic/router/app/follow-up';
import { decide, model } from './example-world.ts';

interface Row {
  readonly id: string;
  readonly prompt: string;
  readonly history?: readonly { readonly role: string; readonly content: string }[];
}

/**
 * Judges a file of `{id, prompt, history?}` lines into lines of `{id, task, p, top2, complexity,
 * domain, difficulty, inherits, reason, us}`, for scoring elsewhere.
 */
export function judgeFile(input: string, output: string): number {
  const rows = readFileSync(input, 'utf8')
    .split('\n')
    .filter((line) => line.trim() !== '')
    .map((line) => JSON.parse(line) as Row);
  for (const row of rows.slice(0, 200)) decide(row.prompt);
  writeFileSync(output, rows.map((row) => `${JSON.stringify(judgeRow(row))}\n`).join(''));
  return rows.length;
}

/** A turn that only carries the one before on has that one's task and route. */
function judgeRow({ id, prompt, history = [] }: Row) {
  const before = history.findLast(({ role, content }) => role === 'user' && !isFollowUp(content));
  const inherits = before !== undefined && isFollowUp(prompt);
  const text = inherits ? before.content : prompt;
  const earlier = decide(text).decision;
  const { decision, us } = inherits ? decide(prompt, earlier) : decide(prompt);
  const { ranked, difficulty } = judgeTask(text, model);
  const { task, complexity, domain } = earlier.profile;
  return {
    id,
    task,
    p: Math.round((ranked.find((one) => one.task === task)?.p ?? 0) * 10_000) / 10_000,
    top2: ranked.slice(0, 2).map((one) => one.task),
    complexity,
    domain,
    difficulty: Math.round(difficulty * 100_000) / 100_000,
    inherits,
    reason: decision.reason,
    us: Math.round(us),
  };
}
