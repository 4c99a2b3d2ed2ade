import { MosaicError } from '@mosaic/proto';
import type { ConversationState, TurnState } from './conversation-state.ts';
import type { RunningTurn } from './running-turn.ts';
import { clipToBytes } from './size/encoded-size.ts';

/** A message whose workers keep dying or failing is given up after so many new beginnings. */
export const maxRestarts = 5;

/** How much is kept of a message that is too long for the log, in bytes. */
const clippedBytes = 200_000;

/**
 * Writes down that this run begins: the message when it is new, else that its turn begins again. Gives
 * back the reason when the turn must fail at once. Throws `conflict` when somebody else was faster.
 */
export async function openTurn(
  turn: RunningTurn,
  known: TurnState | undefined,
): Promise<MosaicError | undefined> {
  return known === undefined ? await addMessage(turn) : await restart(turn, known);
}

async function addMessage(turn: RunningTurn): Promise<MosaicError | undefined> {
  const { messageId, text, model, agent, speaker, via } = turn.message;
  const draft = {
    type: 'message.added' as const,
    messageId,
    ...(model === undefined ? {} : { model }),
    ...(agent === undefined ? {} : { agent }),
    ...(via === undefined ? {} : { via }),
    ...(speaker === undefined ? {} : { speaker }),
  };
  const append = (kept: string) =>
    turn.ports.log.append({ ...draft, text: kept }, unchangedSince(turn, undefined));
  try {
    await append(text);
    return undefined;
  } catch (thrown) {
    if (!(thrown instanceof MosaicError && thrown.code === 'body_too_large')) throw thrown;
    await append(clipToBytes(text, clippedBytes));
    return new MosaicError('body_too_large', 'The message is too long; its beginning was kept.');
  }
}

async function restart(turn: RunningTurn, known: TurnState): Promise<MosaicError | undefined> {
  const { ports, message, run } = turn;
  await ports.log.append(
    {
      type: 'turn.restarted',
      run,
      // A worker that went away before it routed the turn left no run behind.
      previousRun: known.run ?? ports.makeId(),
      messageId: message.messageId,
      why: 'The worker that was answering went away.',
    },
    unchangedSince(turn, known),
  );
  if (known.restarts < maxRestarts) return undefined;
  const tries = known.restarts + 1;
  return new MosaicError('internal', `Answering was begun ${tries} times and broke off each time.`);
}

/** Another worker may have gone on with this message between our reading and our writing. */
function unchangedSince(
  turn: RunningTurn,
  known: TurnState | undefined,
): (state: ConversationState) => void {
  return (state) => {
    const now = state.turns.get(turn.message.messageId);
    const isSame = now?.run === known?.run && now?.status === known?.status;
    if (state.isDeleted || !isSame) {
      throw new MosaicError('conflict', 'Another worker answers this message, or it is gone.');
    }
  };
}
