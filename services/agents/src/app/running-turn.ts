import { formatModelRef, type InboxMessage, MosaicError, toFailure } from '@mosaic/proto';
import type { ConversationState, EventDraft } from './conversation-state.ts';
import type { LimitsInForce } from './limits/turn-limits.ts';
import type { TimeLimit, TurnPorts } from './ports.ts';
import type { Tally } from './tally.ts';

export interface TurnSignals {
  /** A person asked to stop: the partial answer is kept and the turn ends as cancelled. */
  readonly cancel: AbortSignal;
  /** This worker must let go (lease lost, shutting down): nothing more may be written. */
  readonly abandon: AbortSignal;
}

export type TurnMessage = Pick<
  InboxMessage,
  'messageId' | 'text' | 'model' | 'agent' | 'timeZone' | 'speaker'
> & {
  readonly via?: string | undefined;
  /** Name of this attempt at answering. */
  readonly run: string;
};

/** One run of one turn while it lasts. */
export interface RunningTurn {
  readonly ports: TurnPorts;
  readonly message: TurnMessage;
  readonly signals: TurnSignals;
  readonly run: string;
  /** Where the log stood before this run. */
  readonly afterSeq: number;
  /** Messages that joined the turn and are before its model. */
  readonly seen: Set<string>;
  limits: LimitsInForce;
  /** Aborts when the turn has taken too long; there is none before its agent is known. */
  timeLimit: TimeLimit | undefined;
  tally: Tally;
  /** What was shown in the step that is being answered, for an ending in the middle of it. */
  partial: { step: number; text: string };
}

/** Aborts whatever is waited for: a person's wish, the loss of the turn, or its time. */
export function signalOf({ signals, timeLimit }: RunningTurn): AbortSignal {
  const { abandon, cancel } = signals;
  return AbortSignal.any([cancel, abandon, ...(timeLimit === undefined ? [] : [timeLimit.signal])]);
}

/** The fence inside the fence: a log that moved on for this message is not ours to end. */
export function mineOnly(turn: RunningTurn): (state: ConversationState) => void {
  return (state) => {
    const known = state.turns.get(turn.message.messageId);
    const isMine =
      known !== undefined && known.status !== 'ended' && (known.run ?? turn.run) === turn.run;
    if (state.isDeleted || !isMine) {
      throw new MosaicError('conflict', 'Another worker answers this message, or it is gone.');
    }
  };
}

/** The one terminal event of a turn that did not complete: cancelled by a person, or failed. */
export async function appendEnding(turn: RunningTurn, thrown: unknown): Promise<void> {
  const append = (text: string) =>
    turn.ports.log.append(
      unfinishedEnding(turn, thrown, { ...turn.partial, text }),
      mineOnly(turn),
    );
  try {
    await append(turn.partial.text);
  } catch (refused) {
    if (!(refused instanceof MosaicError && refused.code === 'body_too_large')) throw refused;
    // An ending that can't be written would be tried again for ever: rather one without its text.
    await append('');
  }
}

function unfinishedEnding(
  turn: RunningTurn,
  thrown: unknown,
  last: { readonly step: number; readonly text: string },
): EventDraft {
  const by = turn.tally.answeredBy;
  const ended = { ...ending(turn, last), ...(by && { by }) };
  if (turn.signals.cancel.aborted) return { type: 'turn.cancelled', ...ended };
  const failure = toFailure(thrown);
  const message = by === undefined ? failure.message : `${formatModelRef(by)}: ${failure.message}`;
  return {
    type: 'turn.failed',
    ...ended,
    failure: { ...failure, message: message.slice(0, 2_000) },
  };
}

/** What every terminal event says. */
export function ending(turn: RunningTurn, last: { readonly step: number; readonly text: string }) {
  const { tally, run, message, ports } = turn;
  return {
    run,
    messageId: message.messageId,
    text: last.text,
    step: last.step,
    usage: tally.usage,
    cost: tally.cost,
    timings: { firstTokenMs: tally.firstTokenMs, totalMs: ports.nowMs() - tally.startedMs },
    isSimulated: tally.isSimulated,
    ...(tally.warnings.length > 0 && { warnings: [...tally.warnings] }),
  };
}
