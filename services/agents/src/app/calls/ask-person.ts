import { MosaicError, type ToolCall } from '@mosaic/proto';
import type { ConversationState } from '../conversation-state.ts';
import type { Approval } from '../policy/approvals.ts';
import { mineOnly, type RunningTurn } from '../running-turn.ts';

export type PersonAnswer = 'allowed' | 'denied' | 'expired' | 'stopped';

interface Question {
  readonly call: ToolCall;
  readonly step: number;
  readonly covers: string;
}

/** Writes down that a call waits for a person; from here on every client shows it. */
export async function askPerson(turn: RunningTurn, question: Question): Promise<void> {
  const { ports, run } = turn;
  const { call, step, covers } = question;
  const expiresAtMs = ports.nowMs() + ports.approvalTimeoutMs;
  await ports.log.append(
    {
      type: 'approval.asked',
      run,
      step,
      callId: call.id,
      tool: call.name,
      arguments: call.arguments,
      covers,
      expiresAt: new Date(expiresAtMs).toISOString(),
    },
    mineOnly(turn),
  );
}

/**
 * Waits until a person answered the question about this call, in whatever client, until it expires, or
 * until the signal aborts. What a person said to the same call of a run that broke off counts, and so
 * does what they said meanwhile for the whole conversation. Throws `conflict` when the turn is not ours
 * any more. The turn's own time stands still meanwhile: how long a person may take is the question's.
 */
export async function waitForPerson(
  turn: RunningTurn,
  callId: string,
  signal: AbortSignal,
): Promise<PersonAnswer> {
  const { log } = turn.ports;
  const asked = approvalOf(log.state, callId);
  const goOn = turn.timeLimit?.hold();
  const expiry = AbortSignal.timeout(Math.max(0, asked.expiresAtMs - turn.ports.nowMs()));
  try {
    await log.until(
      (state) => isSettled(state, approvalOf(state, callId)),
      AbortSignal.any([signal, expiry]),
    );
  } catch (thrown) {
    if (signal.aborted) return 'stopped';
    if (!expiry.aborted) throw thrown;
  } finally {
    goOn?.();
  }
  return await settle(turn, callId);
}

/** Whether the question is answered, or what is known already answers it. */
function isSettled(
  { approvals }: ConversationState,
  { state, earlier, covers }: Approval,
): boolean {
  return state !== 'waiting' || earlier !== undefined || approvals.standing.has(covers);
}

/**
 * Writes down how a question was settled when it was not by an answer of its own. Of an answer and an
 * expiry that come at the same moment, the first in the log counts, here and in every client.
 */
async function settle(turn: RunningTurn, callId: string): Promise<PersonAnswer> {
  const { log } = turn.ports;
  const { run } = turn;
  for (;;) {
    const { state, earlier, covers } = approvalOf(log.state, callId);
    if (state === 'expired') return 'expired';
    if (state !== 'waiting') return state.answer === 'deny' ? 'denied' : 'allowed';
    const known = earlier ?? log.state.approvals.standing.get(covers);
    const draft =
      known === undefined
        ? ({ type: 'approval.expired', run, callId } as const)
        : ({ type: 'approval.answered', run, callId, ...known } as const);
    await log.append(draft, mineOnly(turn));
  }
}

function approvalOf({ approvals }: ConversationState, callId: string): Approval {
  const approval = approvals.open.get(callId);
  if (approval === undefined) {
    throw new MosaicError('conflict', 'Another worker answers this message, or it is gone.');
  }
  return approval;
}
