import { readFileSync } from 'node:fs';
import {
  getEffectiveRules,
  type ListedRule,
  MosaicError,
  nearestName,
  type RuleFinding,
} from '@mosaic/proto';
import { z } from 'zod';
import type { Terminal } from '../../command-line/command.ts';
import type { RunningMosaic } from '../../running/running-mosaic.ts';

/** Options that every part of the command takes. */
export const commonOptions = {
  json: { type: 'boolean' },
  'data-dir': { type: 'string' },
} as const;

export const rulesPath = '/api/routing/rules';

/** The rules in force, in order, with what the linter says about them. */
export async function readEffective(mosaic: RunningMosaic) {
  return getEffectiveRules.reply.parse(await mosaic.get(`${rulesPath}/effective`));
}

/** One's own rule of this name, or with `isSystem` the system's. Throws not_found with the nearest. */
export async function findRule(
  mosaic: RunningMosaic,
  name: string,
  isSystem: boolean,
): Promise<ListedRule & { readonly id: string }> {
  const scope = isSystem ? 'system' : 'user';
  const rules = (await readEffective(mosaic)).rules.filter((rule) => rule.scope === scope);
  const rule = rules.find((one) => one.name === name);
  if (rule?.id !== undefined) return { ...rule, id: rule.id };
  const near = nearestName(
    name,
    rules.map((one) => one.name),
  );
  const hint = near === undefined ? '' : ` Did you mean "${near}"?`;
  const whose = isSystem ? 'The system has' : 'You have';
  throw new MosaicError('not_found', `${whose} no rule "${name}".${hint}`);
}

const anyObject = z.record(z.string(), z.unknown());

/** The objects of a file (`-`: the standard input): one, a list, or one a line. Throws bad_json. */
export function readObjects(path: string): readonly Record<string, unknown>[] {
  const text = readText(path);
  const values =
    parseWhole(text) ?? text.split('\n').flatMap((line, index) => parseLine(line, index));
  const parsed = z.array(anyObject).safeParse(Array.isArray(values) ? values : [values]);
  if (parsed.success) return parsed.data;
  throw new MosaicError('bad_json', `${path} has something else than JSON objects.`);
}

function readText(path: string): string {
  try {
    return readFileSync(path === '-' ? 0 : path, 'utf8');
  } catch (cause) {
    throw new MosaicError('bad_request', `${path} can't be read.`, { cause });
  }
}

function parseWhole(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    return undefined;
  }
}

function parseLine(line: string, index: number): unknown[] {
  if (line.trim() === '') return [];
  try {
    return [JSON.parse(line)];
  } catch (cause) {
    throw new MosaicError('bad_json', `Line ${index + 1} is not valid JSON.`, { cause });
  }
}

export function printFindings(findings: readonly RuleFinding[], terminal: Terminal): void {
  for (const { level, sentence } of findings) terminal.print(`${level}: ${sentence}`);
}
