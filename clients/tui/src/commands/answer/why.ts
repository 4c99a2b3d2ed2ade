import { lastAnswer } from '../../state/running-turn.ts';
import { decisionRecord } from '../../text/decision-record.ts';
import type { RunCommand } from '../command.ts';

/** `/why` */
export const why: RunCommand = (_argument, { print, session }) => {
  const answer = lastAnswer(session.state);
  print(answer === undefined ? ['There is no answer yet.'] : decisionRecord(answer));
};
