import { type ConversationEvent, type Turn, turnsFromEvents } from '@mosaic/proto';
import { fitPage } from './fit-page.ts';

/** Enough to tell what a question is about. */
const longestQuestion = 4_000;

/**
 * The newest turns of a conversation, at most `maxTurns` and no more than one message of the bus
 * holds. They begin with a person's turn, so that no tool result is without its call; when the last
 * run alone is longer than `maxTurns`, it comes whole.
 */
export function buildContext(events: readonly ConversationEvent[], maxTurns: number): Turn[] {
  const turns = turnsFromEvents(events);
  const fitting = fitPage(turns.toReversed()).length;
  const wanted = Math.max(0, turns.length - Math.min(maxTurns, fitting));
  const isUser = (turn: Turn) => turn.role === 'user';
  const begin = turns.findIndex((turn, index) => index >= wanted && isUser(turn));
  return turns.slice(begin === -1 ? Math.max(0, turns.findLastIndex(isUser)) : begin);
}

/** The text of the last question, for a search; empty when there is none. */
export function newestQuestion(turns: readonly Turn[]): string {
  const last = turns.findLast((turn) => turn.role === 'user');
  const parts = last?.content ?? [];
  return parts
    .flatMap((part) => (part.type === 'text' ? [part.text] : []))
    .join('\n')
    .trim()
    .slice(0, longestQuestion);
}
