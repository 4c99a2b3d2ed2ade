import { type InboxMessage, MosaicError } from '@mosaic/proto';
import type { ConversationState } from '../conversation-state.ts';
import type { TurnLog } from '../ports.ts';

/** What came of a message that wants to join the running turn. */
export type Joining = 'joined' | 'not-yet' | 'no-turn';

/**
 * Adds a message to the turn that runs, from whichever replica it came to: the log is where the two
 * meet. The run that it names must still be running when the append is accepted, so it is either seen
 * by that run or waits for a turn of its own, and never falls between the two.
 */
export async function joinRunningTurn(
  log: TurnLog,
  message: Pick<InboxMessage, 'messageId' | 'text' | 'speaker'> & {
    readonly via?: string | undefined;
  },
): Promise<Joining> {
  const { messageId, speaker, text, via } = message;
  for (;;) {
    if (log.state.turns.has(messageId)) return 'joined';
    const running = runningIn(log.state);
    if (running === undefined) return 'no-turn';
    // Its worker is about to choose the model; what comes now would be lost between the two.
    if (running === null) return 'not-yet';
    const draft = {
      type: 'message.added' as const,
      messageId,
      text,
      ...(via === undefined ? {} : { via }),
      ...(speaker === undefined ? {} : { speaker }),
      joins: running,
    };
    try {
      await log.append(draft, (state) => {
        const isSame = runningIn(state) === running && !state.turns.has(messageId);
        if (state.isDeleted || !isSame) throw new MosaicError('conflict');
      });
      return 'joined';
    } catch (thrown) {
      const isMoved = thrown instanceof MosaicError && thrown.code === 'conflict';
      if (!isMoved || log.state.isDeleted) throw thrown;
    }
  }
}

/** The run that answers now; null for a turn that has no run yet, undefined for no turn. */
function runningIn(state: ConversationState): string | null | undefined {
  for (const turn of [...state.turns.values()].reverse()) {
    if (turn.status !== 'ended') return turn.status === 'running' ? turn.run : null;
  }
  return undefined;
}
