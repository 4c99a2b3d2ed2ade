import { readFileSync } from 'node:fs';
import { MosaicError } from '@mosaic/proto';
import { z } from 'zod';
import type { Command } from '../../command-line/command.ts';
import { readOptions } from '../../command-line/read-options.ts';
import { findMosaic } from '../../running/running-mosaic.ts';

/** Below what the gateway takes in one request. */
const maxPortionBytes = 8_000_000;
const mostInPortion = 200;
/** Each message is on disk before the next. */
const portionLimitMs = 600_000;

const replySchema = z.object({
  added: z.number(),
  conversations: z.array(z.unknown()),
  skipped: z.array(z.object({ title: z.string().nullable(), why: z.string() })),
});
type Reply = z.infer<typeof replySchema>;

export const importCommand: Command = {
  usage: `Usage: mosaic import FILE [--json] [--data-dir D]

Takes over conversations that were held elsewhere: a file of "mosaic export", or conversations.json
(conversations-000.json …) from the export of ChatGPT. Questions and answers come with their times;
images, steps of tools and branches that were left do not. Importing a file again adds what is new
in it.`,
  async run(args, terminal) {
    const { values, positionals } = readOptions(args, {
      json: { type: 'boolean' },
      'data-dir': { type: 'string' },
    });
    const [file, ...rest] = positionals;
    if (file === undefined || rest.length > 0) {
      throw new MosaicError('bad_request', 'Say which file: mosaic import FILE.');
    }
    const mosaic = findMosaic(values);
    const whole: Reply = { added: 0, conversations: [], skipped: [] };
    for (const portion of inPortions(readItems(file))) {
      const reply = replySchema.parse(await mosaic.post('/api/import', portion, portionLimitMs));
      whole.added += reply.added;
      whole.conversations.push(...reply.conversations);
      whole.skipped.push(...reply.skipped);
    }
    if (values.json === true) terminal.print(JSON.stringify(whole));
    else {
      const { added, conversations, skipped } = whole;
      terminal.print(`Conversations: ${conversations.length}, new messages: ${added}.`);
      for (const { title, why } of skipped)
        terminal.warn(`Left out: ${title ?? 'untitled'}: ${why}`);
    }
    return 0;
  },
};

function readItems(file: string): readonly unknown[] {
  let text: string;
  try {
    text = readFileSync(file, 'utf8');
  } catch (cause) {
    throw new MosaicError('bad_request', `${file} can't be read.`, { cause });
  }
  try {
    const json: unknown = JSON.parse(text);
    return Array.isArray(json) ? json : [json];
  } catch (cause) {
    throw new MosaicError('bad_json', `${file} is not valid JSON.`, { cause });
  }
}

function inPortions(items: readonly unknown[]): readonly unknown[][] {
  const portions: unknown[][] = [];
  let bytes = Number.POSITIVE_INFINITY;
  for (const item of items) {
    const size = Buffer.byteLength(JSON.stringify(item));
    const last = portions.at(-1);
    if (last === undefined || bytes + size > maxPortionBytes || last.length >= mostInPortion) {
      portions.push([item]);
      bytes = size;
    } else {
      last.push(item);
      bytes += size;
    }
  }
  return portions;
}
