import { lastAnswer } from '../state/running-turn.ts';
import { decisionRecord } from '../text/decision-record.ts';
import type { Command } from './command.ts';

export const whyCommand: Command = {
  name: 'why',
  argument: '',
  summary: 'show why the last answer came from its model',
  run(_argument, { session, print }) {
    const answer = lastAnswer(session.state);
    print(answer === undefined ? ['There is no answer yet.'] : decisionRecord(answer));
  },
};
