import { readFileSync, writeFileSync } from 'node:fs';
import { maxPastTurns, type PastWords } from '@mosaic/proto';
import { judgeTask } from '@mosaic/router/app/classify/task-model';
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

/** A turn that only carries the one before on has that one's task, and its need for a strong model. */
function judgeRow({ id, prompt, history = [] }: Row) {
  const { decision, us } = decide(prompt, pastWords(history));
  const { complexity, domain, inherits, task } = decision.profile;
  const { ranked, difficulty } = judgeTask(
    inherits === undefined ? prompt : sourceOf(history, inherits.turnsBack),
    model,
  );
  return {
    id,
    task,
    p: rounded(ranked.find((one) => one.task === task)?.p ?? 0, 4),
    top2: ranked.slice(0, 2).map((one) => one.task),
    complexity,
    domain,
    difficulty: rounded(difficulty, 5),
    inherits: inherits !== undefined,
    reason: decision.reason,
    us: Math.round(us),
  };
}

/** As the agents send them: the last turns, each cut to its beginning. */
function pastWords(history: NonNullable<Row['history']>): PastWords[] {
  return history.slice(-maxPastTurns).flatMap(({ role, content }) => {
    const known = role === 'user' || role === 'assistant' || role === 'tool' ? role : null;
    return known === null ? [] : [{ role: known, content: String(content).slice(0, 2_000) }];
  });
}

function sourceOf(history: NonNullable<Row['history']>, turnsBack: number): string {
  return history.filter(({ role }) => role === 'user').at(-turnsBack)?.content ?? '';
}

const rounded = (value: number, digits: number) => Number(value.toFixed(digits));
