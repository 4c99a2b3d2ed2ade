import {
  type Agent,
  agentSchema,
  describeGrant,
  MosaicError,
  nearestName,
  toolGrantSchema,
} from '@mosaic/proto';
import { z } from 'zod';
import type { Command, Terminal } from '../../command-line/command.ts';
import { tableLines } from '../../command-line/print-table.ts';
import { readOptions, refuseWords } from '../../command-line/read-options.ts';
import { findMosaic, type RunningMosaic } from '../../running/running-mosaic.ts';
import { readChanges, writingOptions } from './read-changes.ts';

const path = '/api/agents';
const commonOptions = { json: { type: 'boolean' }, 'data-dir': { type: 'string' } } as const;

type Run = (args: readonly string[], terminal: Terminal) => Promise<number>;

const parts: Readonly<Record<string, Run>> = { list, show, new: create, edit, remove };

export const agentsCommand: Command = {
  usage: `Usage: mosaic agents [list] [options]
       mosaic agents show NAME [options]
       mosaic agents new NAME [FILE|-] [what it is] [options]
       mosaic agents edit NAME [FILE|-] [what changes] [options]
       mosaic agents remove NAME [options]

Lists the agents that you can talk to, and makes, changes and removes your own; those that come with
Mosaic stay as they are. FILE has fields of the agent as JSON, "-" is the standard input.

  --from NAME          begin with everything that this agent is ("new" only)
  --description TEXT   one line for the list
  --prompt TEXT        the system prompt; --prompt-file FILE reads it from a file
  --model M            preferred model, tier/NAME, or auto to leave it to the rules
  --tool NAME[=POLICY] a tool that it may call: allow (when not said), ask or deny; once for each,
                       "none" for none
  --temperature N      0 to 2, or auto
  --effort E           none, minimal, low, medium, high, xhigh, max, or auto
  --memory on|off      whether it is shown what Mosaic remembers of you
  --json               print what the gateway answers
  --data-dir D         the Mosaic that runs from this directory`,
  async run(args, terminal) {
    const [word] = args;
    const isPart = word !== undefined && !word.startsWith('-');
    const name = isPart ? word : 'list';
    const run = Object.hasOwn(parts, name) ? parts[name] : undefined;
    if (run === undefined) {
      const near = nearestName(name, Object.keys(parts));
      const hint = near === undefined ? '' : ` Did you mean "${near}"?`;
      throw new MosaicError('bad_request', `There is no "mosaic agents ${name}".${hint}`);
    }
    return await run(isPart ? args.slice(1) : args, terminal);
  },
};

const listReply = z.object({ agents: z.array(agentSchema) });
const oneReply = z.object({ agent: agentSchema });

async function list(args: readonly string[], terminal: Terminal): Promise<number> {
  const { positionals, values } = readOptions(args, commonOptions);
  refuseWords(positionals);
  const body = await findMosaic(values).get(path);
  if (values.json === true) {
    terminal.print(JSON.stringify(body));
    return 0;
  }
  const rows = listReply.parse(body).agents.map((agent) => {
    const { description, model, name, scope, tools } = agent;
    return [name, scope, model ?? 'auto', String(tools.length), oneLine(description)];
  });
  for (const line of tableLines(['name', 'scope', 'model', 'tools', 'description'], rows)) {
    terminal.print(line);
  }
  return 0;
}

async function show(args: readonly string[], terminal: Terminal): Promise<number> {
  const { positionals, values } = readOptions(args, commonOptions);
  const { name } = wordsIn(positionals, 0);
  const body = await findMosaic(values).get(addressOf(name));
  if (values.json === true) terminal.print(JSON.stringify(body));
  else for (const line of linesOf(oneReply.parse(body).agent)) terminal.print(line);
  return 0;
}

async function create(args: readonly string[], terminal: Terminal): Promise<number> {
  const options = { ...commonOptions, ...writingOptions, from: { type: 'string' } } as const;
  const { positionals, values } = readOptions(args, options);
  const { file, name } = wordsIn(positionals, 1);
  const mosaic = findMosaic(values);
  const base = values.from === undefined ? {} : await copyOf(mosaic, values.from);
  const body = await mosaic.post(path, { ...base, ...readChanges(values, file), name });
  return told(body, 'is made', { terminal, isJson: values.json === true });
}

async function edit(args: readonly string[], terminal: Terminal): Promise<number> {
  const { positionals, values } = readOptions(args, { ...commonOptions, ...writingOptions });
  const { file, name } = wordsIn(positionals, 1);
  const changes = readChanges(values, file);
  if (Object.keys(changes).length === 0) {
    throw new MosaicError('bad_request', 'Say what to change; see "mosaic agents --help".');
  }
  const body = await findMosaic(values).patch(addressOf(name), changes);
  return told(body, 'is changed', { terminal, isJson: values.json === true });
}

async function remove(args: readonly string[], terminal: Terminal): Promise<number> {
  const { positionals, values } = readOptions(args, commonOptions);
  const { name } = wordsIn(positionals, 0);
  await findMosaic(values).delete(addressOf(name));
  const isJson = values.json === true;
  terminal.print(isJson ? JSON.stringify({ name }) : `The agent "${name}" is removed.`);
  return 0;
}

const addressOf = (name: string) => `${path}/${encodeURIComponent(name)}`;

function wordsIn(positionals: readonly string[], files: number) {
  const [name, file, ...more] = positionals;
  if (name === undefined) throw new MosaicError('bad_request', 'Say the name of the agent.');
  refuseWords(files === 0 ? positionals.slice(1) : more);
  return { name, file };
}

/** Everything that an agent is, without what makes it that one. */
async function copyOf(mosaic: RunningMosaic, name: string) {
  const { agent } = oneReply.parse(await mosaic.get(addressOf(name)));
  const { name: _name, scope: _scope, version: _version, ...content } = agent;
  return content;
}

function told(
  body: unknown,
  what: string,
  { isJson, terminal }: { readonly isJson: boolean; readonly terminal: Terminal },
): number {
  if (isJson) {
    terminal.print(JSON.stringify(body));
    return 0;
  }
  const { name, version } = oneReply.parse(body).agent;
  terminal.print(`The agent "${name}" ${what} (version ${version ?? 1}).`);
  return 0;
}

function linesOf(agent: Agent): readonly string[] {
  const { capabilities, limits, systemPrompt, ...fields } = agent;
  const rows = Object.entries({ ...fields, ...capabilities, ...limits }).map(([key, value]) => [
    key,
    Array.isArray(value) ? value.map((one) => wordOf(one)).join(', ') || 'none' : textOf(value),
  ]);
  const width = Math.max(...rows.map(([key = '']) => key.length));
  const table = rows.map(([key = '', value = '']) => `${key.padEnd(width)}  ${value}`);
  return [...table, '', ...systemPrompt.split('\n')];
}

function wordOf(value: unknown): string {
  const grant = toolGrantSchema.safeParse(value);
  return grant.success ? describeGrant(grant.data) : textOf(value);
}

function textOf(value: unknown): string {
  if (value === null || value === undefined) return 'auto';
  return oneLine(typeof value === 'object' ? JSON.stringify(value) : String(value));
}

function oneLine(text: string): string {
  return text.replace(/\s+/g, ' ').slice(0, 120);
}
