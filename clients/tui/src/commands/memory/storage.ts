import { describeStorage } from '@mosaic/proto';
import type { RunCommand } from '../command.ts';

const nameWidth = 14;

/** `/storage [restore]` */
export const storage: RunCommand = async (argument, { print, session }) => {
  if (argument === 'restore') {
    const { id } = session.state.conversation;
    const { events, from } = await session.rest.restoreConversation(id);
    const back = `Brought back from the cold: ${events} events.`;
    print([from === 'cold' ? back : 'This conversation is not cold: nothing to do.']);
    return;
  }
  if (argument !== '') {
    print(['Write /storage, or /storage restore.']);
    return;
  }
  const lines = describeStorage(await session.rest.storage());
  print(lines.map(({ name, text }) => `${name.padEnd(nameWidth)}${text}`));
};
