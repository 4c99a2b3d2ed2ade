import { writeFile } from 'node:fs/promises';
import { resolve } from 'node:path';
import { MosaicError } from '@mosaic/proto/client';
import { oneLine } from '../../text/neutralise-controls.ts';
import type { RunCommand } from '../command.ts';

/** `/export [markdown|json] [file]`: never over a file that is there. */
export const exportConversation: RunCommand = async (argument, { print, session }) => {
  const { conversation, isStored } = session.state;
  if (!isStored) {
    print(['There is nothing to export yet.']);
    return;
  }
  const [, format = 'markdown', named = ''] = /^(json|markdown)?\s*(.*)$/.exec(argument) ?? [];
  const isJson = format === 'json' || named.endsWith('.json');
  const text = await session.rest.exportConversation(conversation.id, isJson ? 'json' : 'markdown');
  const file = resolve(named || `${fileName(conversation.title)}.${isJson ? 'json' : 'md'}`);
  await writeFile(file, text, { flag: 'wx' }).catch((thrown: NodeJS.ErrnoException) => {
    const why = thrown.code === 'EEXIST' ? 'it is already there' : (thrown.code ?? 'it failed');
    throw new MosaicError('conflict', `${oneLine(file)} was not written: ${why}.`);
  });
  print([`Written: ${oneLine(file)}`]);
};

/** The title in letters that every file system takes, and the day. */
function fileName(title: string | null): string {
  const words = (title ?? 'conversation').toLowerCase().match(/[\p{L}\p{N}]+/gu) ?? [
    'conversation',
  ];
  return `mosaic-${words.join('-').slice(0, 60)}-${new Date().toISOString().slice(0, 10)}`;
}
