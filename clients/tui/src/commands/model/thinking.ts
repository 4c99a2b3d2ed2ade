import { lastAnswer } from '../../state/running-turn.ts';
import { neutraliseControls } from '../../text/neutralise-controls.ts';
import type { RunCommand } from '../command.ts';

/** `/thinking [show|hide]` */
export const thinking: RunCommand = (argument, { preferences, print, session }) => {
  if (argument === 'show' || argument === 'hide') {
    preferences.change({ isThinkingShown: argument === 'show' });
    print([
      argument === 'show'
        ? 'What a model thinks stays above its answer from now on.'
        : 'What a model thinks is shown in one line, while it thinks.',
    ]);
    return;
  }
  const answer = lastAnswer(session.state);
  const thoughts = (answer?.blocks ?? []).flatMap((block) =>
    block.type === 'reasoning' ? [block.text] : [],
  );
  print(
    thoughts.length === 0
      ? ['The last answer told no thoughts. They are not kept when you leave.']
      : neutraliseControls(thoughts.join('\n\n')).split('\n'),
  );
};
