import { type ConversationEvent, type Turn, turnsFromEvents } from '@mosaic/proto';
import type { ConversationState } from '../conversation-state.ts';
import { exchangesOf } from './divide-history.ts';

/** What was said in this conversation: the newest summary, and the turns that it does not stand for. */
export interface History {
  readonly turns: readonly Turn[];
  readonly summary: string | undefined;
}

/**
 * Of the conversation's own log, so that what was said a moment ago is in it: waiting until memory has
 * read the same events made a third of the time to the first word.
 */
export function ownHistory(
  events: readonly ConversationEvent[],
  { summary }: Pick<ConversationState, 'summary'>,
): History {
  if (summary === undefined) return { turns: turnsFromEvents(events), summary: undefined };
  const turns = exchangesOf(events, summary.throughSeq).flatMap((exchange) => exchange.turns);
  return { turns, summary: newestSummary(events) };
}

/** The text of the newest summary in the log. */
export function newestSummary(events: readonly ConversationEvent[]): string | undefined {
  const last = events.findLast((event) => event.type === 'context.summarized');
  return last?.type === 'context.summarized' ? last.text : undefined;
}
