import { answerApproval, MosaicError } from '@mosaic/proto';
import type { Bus, Clock } from '@mosaic/service-kit';
import type { ConversationState } from '../app/conversation-state.ts';
import type { Approval } from '../app/policy/approvals.ts';
import type { ConversationLogs } from './logs/conversation-logs.ts';

/**
 * Writes down what people answer to calls that wait. Whoever runs the turn reads it in the log, so any
 * worker can take the answer, also while nobody runs the turn.
 */
export function serveApprovals(bus: Bus, logs: ConversationLogs, clock: Clock): void {
  bus.handle(answerApproval, async ({ conversationId, callId, answer }, { caller }) => {
    const log = await logs.open(caller, conversationId);
    const { run } = findWaiting(log.state, callId, clock.now());
    const event = await log.append(
      {
        type: 'approval.answered',
        run,
        callId,
        answer,
        by: caller.userId,
        ...(caller.via === undefined ? {} : { via: caller.via }),
      },
      (state) => findWaiting(state, callId, clock.now()),
    );
    return { event };
  });
}

/** Throws `not_found` where nothing was asked, and `conflict` where nothing waits any more. */
function findWaiting(state: ConversationState, callId: string, nowMs: number): Approval {
  if (state.seq === 0 || state.isDeleted) {
    throw new MosaicError('not_found', 'There is no such conversation, or it is not yours.');
  }
  const approval = state.approvals.open.get(callId);
  if (approval === undefined) {
    throw new MosaicError('not_found', 'No tool call of this id waits for an answer.');
  }
  if (approval.state !== 'waiting') {
    throw new MosaicError('conflict', 'This tool call was answered already, or it expired.');
  }
  if (approval.expiresAtMs <= nowMs) {
    throw new MosaicError('conflict', 'This tool call waited too long; it counts as denied.');
  }
  return approval;
}
