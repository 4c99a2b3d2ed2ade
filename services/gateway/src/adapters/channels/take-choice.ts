import { type ApprovalAnswer, answerApproval, MosaicError } from '@mosaic/proto';
import type { Bus, Clock, SignedCaller } from '@mosaic/service-kit';
import { oldestWaiting } from '../../app/channel/channel-approval.ts';
import { readWholeLog } from '../conversations/conversation-log.ts';

export interface Choice {
  readonly conversationId: string;
  readonly answer: ApprovalAnswer;
  readonly speaker: string;
}

/**
 * Takes a word from a room as the answer to the question that waits for longest there. `nothing-waits`:
 * then it is a message like any other. `not-theirs`: somebody else wrote the message that the call is
 * made for. All handles of a channel may be one user, so that the user alone would say too little.
 */
export async function takeChoice(
  { bus, clock }: { readonly bus: Bus; readonly clock: Clock },
  caller: SignedCaller,
  { answer, conversationId, speaker }: Choice,
): Promise<'taken' | 'not-theirs' | 'nothing-waits'> {
  const events = await readWholeLog(bus, caller, conversationId);
  const waiting = oldestWaiting(events, clock.now());
  if (waiting === undefined) return 'nothing-waits';
  const { callId } = waiting;
  if (waiting.speaker !== speaker) return 'not-theirs';
  try {
    await bus.call(answerApproval, { conversationId, callId, answer }, { caller });
  } catch (thrown) {
    const code = thrown instanceof MosaicError ? thrown.code : undefined;
    // It was answered or expired at the same moment, which the room is told like any other answer.
    if (code !== 'conflict' && code !== 'not_found') throw thrown;
  }
  return 'taken';
}
