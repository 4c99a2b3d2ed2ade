import { readFileSync } from 'node:fs';
import { MosaicError, type ToolGrant, toolGrantSchema } from '@mosaic/proto';
import { readObjects } from '../rules/rules-api.ts';

/** The options by which an agent is written. */
export const writingOptions = {
  description: { type: 'string' },
  prompt: { type: 'string' },
  'prompt-file': { type: 'string' },
  model: { type: 'string' },
  tool: { type: 'string', multiple: true },
  temperature: { type: 'string' },
  effort: { type: 'string' },
  memory: { type: 'string' },
} as const;

export interface WrittenValues {
  readonly description?: string | undefined;
  readonly prompt?: string | undefined;
  readonly 'prompt-file'?: string | undefined;
  readonly model?: string | undefined;
  readonly tool?: readonly string[] | undefined;
  readonly temperature?: string | undefined;
  readonly effort?: string | undefined;
  readonly memory?: string | undefined;
}

/** Fields of an agent from a file and options; options stand above the file. */
export function readChanges(
  values: WrittenValues,
  file: string | undefined,
): Readonly<Record<string, unknown>> {
  const [inFile = {}] = file === undefined ? [] : readObjects(file);
  const { description, effort, memory, model, temperature, tool } = values;
  const promptFile = values['prompt-file'];
  const prompt = promptFile === undefined ? values.prompt : readPrompt(promptFile);
  return {
    ...inFile,
    ...(description === undefined ? {} : { description }),
    ...(prompt === undefined ? {} : { systemPrompt: prompt }),
    ...(model === undefined ? {} : { model: orNothing(model) }),
    ...(tool === undefined ? {} : { tools: tool.flatMap(readGrant) }),
    ...(temperature === undefined ? {} : { temperature: numberOrNothing(temperature) }),
    ...(effort === undefined ? {} : { effort: orNothing(effort) }),
    ...(memory === undefined ? {} : { memory: readSwitch(memory) }),
  };
}

/** `write_file=ask`; a tool without a policy is allowed. */
function readGrant(word: string): ToolGrant[] {
  if (word === 'none') return [];
  const [, tool = word, policy = 'allow'] = /^(.*?)(?:=(allow|ask|deny))?$/s.exec(word) ?? [];
  const grant = toolGrantSchema.safeParse({ tool, policy });
  if (grant.success) return [grant.data];
  throw new MosaicError('bad_request', `--tool takes NAME or NAME=allow|ask|deny, not "${word}".`);
}

const orNothing = (word: string) => (word === 'auto' ? null : word);

function numberOrNothing(word: string): number | null {
  if (word === 'auto') return null;
  const number = Number(word);
  if (word.trim() !== '' && Number.isFinite(number)) return number;
  throw new MosaicError('bad_request', `--temperature takes a number or auto, not "${word}".`);
}

function readSwitch(word: string): boolean {
  if (word === 'on' || word === 'off') return word === 'on';
  throw new MosaicError('bad_request', `--memory takes on or off, not "${word}".`);
}

function readPrompt(path: string): string {
  try {
    return readFileSync(path === '-' ? 0 : path, 'utf8').trimEnd();
  } catch (cause) {
    throw new MosaicError('bad_request', `${path} can't be read.`, { cause });
  }
}
