import { nearestName, type TaskType, taskTypes } from '@mosaic/proto/client';
import { lastAnswer, runningTurn } from '../../state/running-turn.ts';
import { oneLine } from '../../text/neutralise-controls.ts';
import type { CommandHost, RunCommand } from '../command.ts';

const thumbs = { good: 'up', bad: 'down' } as const;

/** `/route [task|good|bad]`: what a person says of a route is kept, and offered to be learned from. */
export const correctRoute: RunCommand = async (argument, host) => {
  const answer = lastAnswer(host.session.state);
  if (answer === undefined) {
    host.print(['There is no answer yet.']);
    return;
  }
  // The answer that is there belongs to the message before: nobody means that one.
  if (runningTurn(host.session.state).phase === 'routing') {
    host.print(['Your message has no model yet. Say it again when it has one.']);
    return;
  }
  const said = argument === '' ? await chooseTask(host) : argument.toLowerCase();
  if (said === null) return;
  const about = {
    conversationId: host.session.state.conversation.id,
    messageId: answer.messageId,
  };
  if (said === 'good' || said === 'bad') {
    await host.session.rest.giveFeedback({ ...about, kind: thumbs[said] });
    host.print([`Kept: the answer was ${said}.`]);
    return;
  }
  const task = taskIn(said);
  if (task === undefined) {
    host.print([unknownTask(said)]);
    return;
  }
  const { suggestions } = await host.session.rest.giveFeedback({ ...about, kind: 'task', task });
  host.print([`Kept: that was ${inWords(task)}.`]);
  for (const { id, sentence } of suggestions) await offer(host, { id, sentence });
};

/** Nothing is learned that was not agreed to. */
async function offer(
  { choose, print, session }: CommandHost,
  { id, sentence }: { readonly id: string; readonly sentence: string },
): Promise<void> {
  const answer = await choose({
    title: oneLine(sentence),
    choices: [
      { value: 'yes', label: 'yes', description: 'from now on, for you alone' },
      { value: 'later', label: 'later', description: '"mosaic rules suggestions" keeps it' },
    ],
  });
  if (answer !== 'yes') {
    print(['Nothing was changed. "mosaic rules suggestions" lists what is offered.']);
    return;
  }
  await session.rest.acceptSuggestion(id);
  print(['From now on such messages go there. "mosaic rules explain" shows it.']);
}

function taskIn(said: string): TaskType | undefined {
  const name = said.replace(/[\s-]+/g, '_');
  return taskTypes.find((task) => task === name);
}

function unknownTask(said: string): string {
  const near = nearestName(said, [...taskTypes, 'good', 'bad']);
  const hint = near === undefined ? `Tasks: ${taskTypes.join(', ')}.` : `Did you mean ${near}?`;
  return `There is no task ${oneLine(said)}. ${hint}`;
}

const inWords = (task: string) => task.replaceAll('_', ' ');

function chooseTask({ choose }: CommandHost): Promise<string | null> {
  return choose({
    title: 'What was your last message?',
    choices: [
      ...taskTypes.map((task) => ({ value: task, label: inWords(task), description: '' })),
      { value: 'good', label: 'good', description: 'the answer was good' },
      { value: 'bad', label: 'bad', description: 'the answer was bad' },
    ],
  });
}
