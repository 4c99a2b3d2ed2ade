import { type ConversationEvent, MosaicError, terminalEventTypes } from '@mosaic/proto';
import type { EventDraft } from '../conversation-state.ts';

/** An event for another conversation, with the time at which it really happened. */
export interface DatedDraft {
  readonly draft: EventDraft;
  readonly atMs: number;
}

type EndOfTurn = Extract<ConversationEvent, { type: (typeof terminalEventTypes)[number] }>;

/** What a fork of a conversation begins with. */
export interface Fork {
  readonly turns: readonly DatedDraft[];
  /** Last event of the original that was looked at. */
  readonly seq: number;
}

/**
 * The turns of a conversation as the beginning of another: questions with their whole answers, in order,
 * with their times. What never ended is left out, and what came after the message `upTo` (a question or
 * the run of an answer). Throws not_found when there is no such message.
 */
export function forkTurns(events: readonly ConversationEvent[], upTo: string | undefined): Fork {
  const until = upTo === undefined ? events.length : endOf(events, upTo) + 1;
  const seen = events.slice(0, until);
  const ended = seen.filter(isEndOfTurn);
  const runs = new Set(ended.map((event) => event.run));
  const questions = new Set([...ended.map((event) => event.messageId), upTo]);
  const turns = seen.filter((event) => {
    if (event.type === 'message.added') return questions.has(event.messageId);
    // What a person allowed in one conversation is not allowed in another.
    if (event.type.startsWith('approval.')) return false;
    return 'run' in event && event.type !== 'turn.restarted' && runs.has(event.run);
  });
  return { turns: turns.map(toDraft), seq: seen.at(-1)?.seq ?? 0 };
}

function endOf(events: readonly ConversationEvent[], id: string): number {
  const at = events.findIndex((event) => {
    if (event.type === 'message.added') return event.messageId === id;
    return isEndOfTurn(event) && event.run === id;
  });
  if (at === -1) throw new MosaicError('not_found', 'There is no such finished message here.');
  return at;
}

function isEndOfTurn(event: ConversationEvent): event is EndOfTurn {
  return terminalEventTypes.some((type) => type === event.type);
}

function toDraft({ at, conversationId: _, seq: _seq, ...draft }: ConversationEvent): DatedDraft {
  // An event without its place is a draft; taking a union apart loses that.
  return { draft: draft as EventDraft, atMs: Date.parse(at) };
}
