import { oneLine } from '../../text/neutralise-controls.ts';
import type { RunCommand } from '../command.ts';

const maxTitleChars = 200;

/** `/rename <title>` */
export const rename: RunCommand = async (argument, { print, session }) => {
  const title = oneLine(argument).slice(0, maxTitleChars);
  if (title === '') {
    print(['Say the new title: /rename <title>']);
    return;
  }
  await session.change({ title });
  print([`Title: ${title}`]);
};
