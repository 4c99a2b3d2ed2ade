import {
  describeStorage,
  formatBytes,
  listStorage,
  MosaicError,
  restoreConversation,
  storageReportSchema,
} from '@mosaic/proto';
import type { Command, Terminal } from '../../command-line/command.ts';
import { tableLines } from '../../command-line/print-table.ts';
import { readOptions, refuseWords } from '../../command-line/read-options.ts';
import { findMosaic, type RunningMosaic } from '../../running/running-mosaic.ts';

const options = {
  json: { type: 'boolean' },
  'data-dir': { type: 'string' },
} as const;

interface Asked {
  readonly mosaic: RunningMosaic;
  readonly terminal: Terminal;
  readonly isJson: boolean;
  readonly words: readonly string[];
}

const verbs = { show, restore, users } as const;

export const storageCommand: Command = {
  usage: `Usage: mosaic storage [show] [options]
       mosaic storage restore CONVERSATION [options]
       mosaic storage users [options]

Shows how much is stored of you: what is in use (hot), what nobody has used for a while (warm) and what
is compressed (cold), what you may keep, and what moves next. Cold conversations are found and read
like all others, and come back by themselves when you go on in them; "restore" brings one back now.
"users" shows everybody's figures to administrators.

  --json         print what the gateway answers
  --data-dir D   the Mosaic that runs from this directory`,
  async run(args, terminal) {
    const { values, positionals } = readOptions(args, options);
    const [verb = 'show', ...words] = positionals;
    if (!isVerb(verb)) {
      const message = `There is no "mosaic storage ${verb}": ${Object.keys(verbs).join(', ')}.`;
      throw new MosaicError('bad_request', message);
    }
    const isJson = values.json === true;
    return verbs[verb]({ mosaic: findMosaic(values), terminal, isJson, words });
  },
};

function isVerb(word: string): word is keyof typeof verbs {
  return Object.hasOwn(verbs, word);
}

async function show({ isJson, mosaic, terminal, words }: Asked): Promise<number> {
  refuseWords(words);
  const report = storageReportSchema.parse(await mosaic.get('/api/storage'));
  if (isJson) terminal.print(JSON.stringify(report));
  else
    for (const { name, text } of describeStorage(report))
      terminal.print(`${name.padEnd(15)}${text}`);
  return 0;
}

async function restore({ isJson, mosaic, terminal, words }: Asked): Promise<number> {
  const [id, ...more] = words;
  refuseWords(more);
  if (id === undefined) {
    throw new MosaicError('bad_request', 'Say which: mosaic storage restore CONVERSATION.');
  }
  const path = `/api/conversations/${encodeURIComponent(id)}/restore`;
  const reply = restoreConversation.reply.parse(await mosaic.post(path, {}));
  const line =
    reply.from === 'cold'
      ? `Brought back from the cold: ${reply.events} events.`
      : `It is not cold (${reply.tier}): nothing to do.`;
  terminal.print(isJson ? JSON.stringify(reply) : line);
  return 0;
}

const page = listStorage.reply.omit({ nextUser: true }).extend({
  nextCursor: listStorage.reply.shape.nextUser,
});

async function users({ isJson, mosaic, terminal, words }: Asked): Promise<number> {
  refuseWords(words);
  const all = [];
  let cursor: string | null = null;
  do {
    const query = new URLSearchParams(cursor === null ? {} : { cursor });
    const found = page.parse(await mosaic.get(`/api/admin/storage?${query}`));
    all.push(...found.users);
    cursor = found.nextCursor;
  } while (cursor !== null);
  if (isJson) {
    terminal.print(JSON.stringify({ users: all }));
    return 0;
  }
  const heading = ['user', 'stored', 'conversations', 'hot', 'warm', 'cold', 'memories'];
  const rows = all.map((one) => [
    one.userId,
    formatBytes(one.bytes),
    String(one.conversations),
    String(one.hot.conversations),
    String(one.warm.conversations),
    String(one.cold.conversations),
    String(one.memories.count),
  ]);
  for (const line of tableLines(heading, rows)) terminal.print(line);
  return 0;
}
