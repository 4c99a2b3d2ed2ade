import { formatModelRef, MosaicError, type RouteDecision, taskTypeSchema } from '@mosaic/proto';
import { z } from 'zod';
import type { Terminal } from '../../command-line/command.ts';
import { tableLines } from '../../command-line/print-table.ts';
import { readOptions, refuseWords } from '../../command-line/read-options.ts';
import { findMosaic } from '../../running/running-mosaic.ts';
import { askForRoute } from './explain-text.ts';
import { commonOptions, readObjects } from './rules-api.ts';

/** A prompt and what is expected of it; kept beside the rules. */
const labelledPrompt = z.strictObject({
  text: z.string().min(1),
  agent: z.string().optional(),
  expect: z
    .strictObject({
      model: z.string().optional(),
      rule: z.string().optional(),
      task: taskTypeSchema.optional(),
    })
    .refine(
      (expect) => Object.keys(expect).length > 0,
      'expects nothing: give model, rule or task',
    ),
});
type LabelledPrompt = z.infer<typeof labelledPrompt>;

interface Outcome {
  readonly text: string;
  readonly expected: LabelledPrompt['expect'];
  readonly seen: Required<LabelledPrompt['expect']>;
  readonly isAsExpected: boolean;
}

/** Asks where each prompt goes; 1 when one goes elsewhere than expected. */
export async function testRules(args: readonly string[], terminal: Terminal): Promise<number> {
  const { positionals, values } = readOptions(args, commonOptions);
  const [file, ...more] = positionals;
  if (file === undefined)
    throw new MosaicError('bad_request', 'Say which file of prompts to test.');
  refuseWords(more);
  const prompts = readObjects(file).map(readPrompt);
  if (prompts.length === 0) throw new MosaicError('bad_request', `${file} has no prompts.`);
  const mosaic = findMosaic(values);
  const outcomes: Outcome[] = [];
  for (const { agent, expect, text } of prompts) {
    const { decision } = await askForRoute(mosaic, { text, agent });
    outcomes.push(judge(text, expect, decision));
  }
  const failed = outcomes.filter(({ isAsExpected }) => !isAsExpected).length;
  if (values.json === true) {
    terminal.print(JSON.stringify({ passed: outcomes.length - failed, failed, outcomes }));
  } else {
    const rows = outcomes.map(toRow);
    for (const line of tableLines(['', 'text', 'expected', 'seen'], rows)) terminal.print(line);
    terminal.print(`${outcomes.length - failed} of ${outcomes.length} go where expected.`);
  }
  return failed === 0 ? 0 : 1;
}

function readPrompt(value: unknown, index: number): LabelledPrompt {
  const parsed = labelledPrompt.safeParse(value);
  if (parsed.success) return parsed.data;
  const [issue] = parsed.error.issues;
  const where = issue?.path.join('.') ?? '';
  throw new MosaicError('bad_request', `Prompt ${index + 1}: ${where} ${issue?.message ?? ''}.`);
}

function judge(text: string, expected: LabelledPrompt['expect'], decision: RouteDecision): Outcome {
  const model = formatModelRef(decision);
  const seen = { model, rule: decision.rule, task: decision.profile.task };
  const isModel = [undefined, model, decision.model].includes(expected.model);
  const isRule = expected.rule === undefined || expected.rule === seen.rule;
  const isTask = expected.task === undefined || expected.task === seen.task;
  return { text, expected, seen, isAsExpected: isModel && isRule && isTask };
}

function toRow({ expected, isAsExpected, seen, text }: Outcome): readonly string[] {
  const keys = (['model', 'rule', 'task'] as const).filter((key) => expected[key] !== undefined);
  const line = text.replace(/\s+/g, ' ');
  return [
    isAsExpected ? '✔' : '✖',
    line.length <= 50 ? line : `${line.slice(0, 49)}…`,
    keys.map((key) => expected[key]).join(', '),
    keys.map((key) => seen[key]).join(', '),
  ];
}
