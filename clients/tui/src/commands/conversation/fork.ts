import type { RunCommand } from '../command.ts';

/** `/fork`: the copy begins with everything that was said until now. */
export const fork: RunCommand = async (_argument, { print, session }) => {
  const { conversation, isStored } = session.state;
  if (!isStored) {
    print(['There is nothing to copy yet.']);
    return;
  }
  const id = await session.rest.forkConversation(conversation.id);
  session.open(id);
  print(['This is a copy from here on; /history has the other one.']);
};
