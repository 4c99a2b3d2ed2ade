import { waitingApprovals } from '@mosaic/proto/client';
import { approvalAnswers } from '../../text/approval-question.ts';
import { oneLine } from '../../text/neutralise-controls.ts';
import type { RunCommand } from '../command.ts';

/** `/approve <once|conversation|deny>`: answers the call that has waited longest. */
export const approve: RunCommand = (argument, { print, session }) => {
  const [waiting] = waitingApprovals(session.state.conversation);
  const chosen = approvalAnswers.find(({ answer }) => answer === argument.toLowerCase());
  if (waiting === undefined) print(['No tool call waits for you.']);
  else if (chosen === undefined) {
    print([`${oneLine(waiting.name)} waits. Say how: /approve once, conversation or deny.`]);
  } else if (!session.answerApproval(waiting.callId, chosen.answer)) {
    print(['Not connected; the call still waits.']);
  } else print([`${oneLine(waiting.name)}: ${chosen.words}.`]);
};
