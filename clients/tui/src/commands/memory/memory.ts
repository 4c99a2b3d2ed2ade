import type { Memory } from '@mosaic/proto';
import { oneLine } from '../../text/neutralise-controls.ts';
import type { CommandHost, RunCommand } from '../command.ts';

/** `/memory [words]`: to look through, and to forget one. */
export const memory: RunCommand = async (words, host) => {
  const { isPaused, memories } = await host.session.rest.listMemories();
  const found = memories.filter((one) => holdsAll(one, words));
  const paused = isPaused ? ' (paused: nothing new is remembered or used)' : '';
  if (found.length === 0) {
    const nothing = `Nothing that is remembered holds "${oneLine(words)}".`;
    host.print([`${words === '' ? 'Nothing is remembered of you yet.' : nothing}${paused}`]);
    return;
  }
  const id = await host.choose({
    title: `What is remembered of you${paused}`,
    choices: found.map((one) => ({
      value: one.id,
      label: oneLine(one.text),
      description: `${oneLine(one.kind)}, by ${oneLine(one.extractor)}`,
    })),
  });
  const chosen = found.find((one) => one.id === id);
  if (chosen !== undefined) await offerToForget(chosen, host);
};

/** `/remember <fact>` */
export const remember: RunCommand = async (argument, { print, session }) => {
  if (argument === '') {
    print(['Say what to remember: /remember <fact>']);
    return;
  }
  const { isNew, text } = await session.rest.saveMemory(argument);
  print([isNew ? `Remembered: ${oneLine(text)}` : `That is remembered already: ${oneLine(text)}`]);
};

function holdsAll({ text }: Pick<Memory, 'text'>, words: string): boolean {
  const held = text.toLowerCase();
  return words
    .toLowerCase()
    .split(/\s+/)
    .every((word) => held.includes(word));
}

async function offerToForget({ id, text }: Memory, host: CommandHost): Promise<void> {
  const answer = await host.choose({
    title: oneLine(text),
    choices: [
      { value: 'keep', label: 'keep', description: 'leave it as it is' },
      { value: 'forget', label: 'forget', description: 'remove it for good' },
    ],
  });
  if (answer !== 'forget') return;
  await host.session.rest.removeMemory(id);
  host.print([`Forgotten: ${oneLine(text)}`]);
}
