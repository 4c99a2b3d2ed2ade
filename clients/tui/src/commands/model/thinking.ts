import { efforts } from '@mosaic/proto/client';
import { lastAnswer } from '../../state/running-turn.ts';
import { neutraliseControls } from '../../text/neutralise-controls.ts';
import type { CommandHost, RunCommand } from '../command.ts';

/** `/thinking [effort|auto|show|hide]` */
export const thinking: RunCommand = async (argument, host) => {
  const { preferences, print, session } = host;
  const effort = efforts.find((one) => one === argument);
  if (argument === 'show' || argument === 'hide') {
    preferences.change({ isThinkingShown: argument === 'show' });
    print([argument === 'show' ? shown : hidden]);
  } else if (effort !== undefined || argument === 'auto') {
    await session.change({ effort: effort ?? null });
    print([effort === undefined ? automatic : `Effort: ${effort}, for this conversation.`]);
  } else if (argument === '') print(lastThoughts(host));
  else print([`/thinking takes ${efforts.join(', ')}, auto, show or hide.`]);
};

const shown = 'What a model thinks stays above its answer from now on.';
const hidden = 'What a model thinks is shown in one line, while it thinks.';
const automatic = 'Effort: as you chose for everything, else as the agent says.';

function lastThoughts({ session }: CommandHost): string[] {
  const answer = lastAnswer(session.state);
  const thoughts = (answer?.blocks ?? []).flatMap((block) =>
    block.type === 'reasoning' ? [block.text] : [],
  );
  return thoughts.length === 0
    ? ['The last answer told no thoughts. They are not kept when you leave.']
    : neutraliseControls(thoughts.join('\n\n')).split('\n');
}
