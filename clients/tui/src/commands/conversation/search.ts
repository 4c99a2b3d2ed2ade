import type { Recalled } from '@mosaic/proto';
import { plainPassage } from '@mosaic/proto/client';
import { formatAge } from '../../text/format-amounts.ts';
import { oneLine } from '../../text/neutralise-controls.ts';
import type { RunCommand } from '../command.ts';

/** `/search <words>`: over messages and memories; choosing one opens its conversation. */
export const search: RunCommand = async (words, host) => {
  if (words === '') {
    host.print(['Say what to look for: /search <words>']);
    return;
  }
  const { passages, signals } = await host.session.rest.searchMemory(words);
  if (passages.length === 0) {
    host.print([`Nothing is found for "${oneLine(words)}". ${oneLine(signals.note)}`]);
    return;
  }
  const id = await host.choose({
    title: `Found for "${oneLine(words)}"`,
    choices: passages.map((passage, index) => ({
      value: String(index),
      label: oneLine(plainPassage(passage.text)),
      description: describe(passage),
    })),
  });
  const conversationId = id === null ? undefined : passages[Number(id)]?.conversationId;
  if (conversationId !== undefined) host.session.open(conversationId);
  else if (id !== null) host.print([oneLine(plainPassage(passages[Number(id)]?.text ?? ''))]);
};

function describe({ role, saidAt, source, title }: Recalled): string {
  const whose = source === 'memory' ? 'remembered' : role === 'user' ? 'you said' : 'was answered';
  const where = title === undefined ? [] : [oneLine(title)];
  return [whose, formatAge(saidAt, Date.now()), ...where].join(' · ');
}
