import {
  listMemories,
  type Memory,
  MosaicError,
  memoryKindSchema,
  memorySchema,
  nearestName,
  pausedKey,
} from '@mosaic/proto';
import { z } from 'zod';
import type { Command, Terminal } from '../../command-line/command.ts';
import { tableLines } from '../../command-line/print-table.ts';
import { readOptions, refuseWords } from '../../command-line/read-options.ts';
import { findMosaic, type RunningMosaic } from '../../running/running-mosaic.ts';

const options = {
  kind: { type: 'string' },
  superseded: { type: 'boolean' },
  all: { type: 'boolean' },
  json: { type: 'boolean' },
  'data-dir': { type: 'string' },
} as const;

type Values = ReturnType<typeof readOptions<typeof options>>['values'];

interface Asked {
  readonly mosaic: RunningMosaic;
  readonly terminal: Terminal;
  readonly values: Values;
  readonly words: readonly string[];
}

const path = '/api/memory';
const verbs = {
  list,
  add,
  edit,
  remove,
  pause: (asked: Asked) => setPaused(asked, true),
  resume: (asked: Asked) => setPaused(asked, false),
} as const;

export const memoryCommand: Command = {
  usage: `Usage: mosaic memory [list] [--kind K] [--superseded] [options]
       mosaic memory add "TEXT" [--kind K] [options]
       mosaic memory edit ID ["TEXT"] [--kind K] [options]
       mosaic memory remove ID | --all [options]
       mosaic memory pause | resume [options]

Shows what Mosaic remembers of you, adds to it, corrects it, or removes it for good. While it is
paused nothing is extracted from what you say and nothing recalled; what is there stays.

  --kind K       fact, preference, instruction or event; preferences and instructions are part of
                 every answer. "add" takes fact when it is left out
  --superseded   list: also what something newer took the place of
  --all          remove: everything
  --json         print what the gateway answers
  --data-dir D   the Mosaic that runs from this directory`,
  async run(args, terminal) {
    const { values, positionals } = readOptions(args, options);
    const [verb = 'list', ...words] = positionals;
    if (!isVerb(verb)) throw unknownVerb(verb);
    return verbs[verb]({ mosaic: findMosaic(values), terminal, values, words });
  },
};

function isVerb(word: string): word is keyof typeof verbs {
  return Object.hasOwn(verbs, word);
}

function unknownVerb(word: string): MosaicError {
  const near = nearestName(word, Object.keys(verbs));
  const hint = near === undefined ? '' : ` Did you mean "${near}"?`;
  return new MosaicError('bad_request', `There is no "mosaic memory ${word}".${hint}`);
}

async function list({ mosaic, terminal, values, words }: Asked): Promise<number> {
  refuseWords(words);
  const memories: Memory[] = [];
  let isPaused = false;
  let cursor: string | null = null;
  do {
    const query = new URLSearchParams({ limit: '200' });
    if (values.superseded === true) query.set('superseded', '1');
    if (values.kind !== undefined) query.set('kind', kindIn(values.kind));
    if (cursor !== null) query.set('cursor', cursor);
    const page = listMemories.reply.parse(await mosaic.get(`${path}?${query}`));
    memories.push(...page.memories);
    ({ isPaused, nextCursor: cursor } = page);
  } while (cursor !== null);
  if (values.json === true) {
    terminal.print(JSON.stringify({ memories, isPaused }));
    return 0;
  }
  const heading = ['id', 'kind', 'since', 'by', 'text'];
  for (const line of tableLines(heading, memories.map(toRow))) terminal.print(line);
  if (isPaused) terminal.warn('Memory is paused: "mosaic memory resume" goes on.');
  return 0;
}

function toRow(memory: Memory): readonly string[] {
  const { createdAt, extractor, id, kind, supersededBy, text } = memory;
  const mark = supersededBy === null ? '' : ' (superseded)';
  return [id, kind, createdAt.slice(0, 10), extractor, `${plain(text)}${mark}`];
}

/** One line that moves no cursor. */
const plain = (text: string) => text.replaceAll(/[\p{Cc}\u2028\u2029]+/gu, ' ').slice(0, 200);

const savedReply = memorySchema.extend({ isNew: z.boolean() });

async function add({ mosaic, terminal, values, words }: Asked): Promise<number> {
  const text = words.join(' ').trim();
  if (text === '') throw new MosaicError('bad_request', 'Say what: mosaic memory add "TEXT".');
  const kind = values.kind === undefined ? {} : { kind: kindIn(values.kind) };
  const saved = savedReply.parse(await mosaic.post(path, { text, ...kind }));
  if (values.json === true) terminal.print(JSON.stringify(saved));
  else {
    const word = saved.isNew ? 'Remembered' : 'That is remembered already';
    terminal.print(`${word}: ${saved.id} ${plain(saved.text)}`);
  }
  return 0;
}

async function edit({ mosaic, terminal, values, words }: Asked): Promise<number> {
  const [id, ...rest] = words;
  const text = rest.join(' ').trim();
  if (id === undefined || (text === '' && values.kind === undefined)) {
    const how = 'mosaic memory edit ID "TEXT", or with --kind.';
    throw new MosaicError('bad_request', `Say which memory, and what it should be: ${how}`);
  }
  const changes = {
    ...(text === '' ? {} : { text }),
    ...(values.kind === undefined ? {} : { kind: kindIn(values.kind) }),
  };
  const memory = memorySchema.parse(await mosaic.patch(pathOf(id), changes));
  const line = `Now: ${memory.kind} ${plain(memory.text)}`;
  terminal.print(values.json === true ? JSON.stringify(memory) : line);
  return 0;
}

async function remove({ mosaic, terminal, values, words }: Asked): Promise<number> {
  const [id, ...more] = words;
  refuseWords(more);
  const isAll = values.all === true;
  if ((id === undefined) !== isAll) {
    throw new MosaicError('bad_request', 'Say which memory, or --all: mosaic memory remove ID.');
  }
  const where = id === undefined ? `${path}?all=1` : pathOf(id);
  const reply = z.object({ removed: z.number() }).parse(await mosaic.delete(where));
  const line = `Removed for good: ${reply.removed}, with what they had superseded.`;
  terminal.print(values.json === true ? JSON.stringify(reply) : line);
  return 0;
}

async function setPaused(
  { mosaic, terminal, values, words }: Asked,
  isPaused: boolean,
): Promise<number> {
  refuseWords(words);
  const preference = await mosaic.put(`/api/preferences/${pausedKey}`, { value: isPaused });
  const line = isPaused
    ? 'Paused: nothing is extracted and nothing recalled until "mosaic memory resume".'
    : 'Memory goes on.';
  terminal.print(values.json === true ? JSON.stringify(preference) : line);
  return 0;
}

const pathOf = (id: string) => `${path}/${encodeURIComponent(id)}`;

function kindIn(word: string): string {
  const kind = memoryKindSchema.safeParse(word);
  if (kind.success) return kind.data;
  const kinds = memoryKindSchema.options.join(', ');
  throw new MosaicError('bad_request', `"${word}" is no kind of memory: ${kinds}.`);
}
