import { type ConversationEvent, type Turn, turnsFromEvents } from '@mosaic/proto';
import { estimateTokens } from '../size/estimate-tokens.ts';

/** One message with everything that was done to answer it. */
export interface Exchange {
  readonly events: readonly ConversationEvent[];
  readonly turns: readonly Turn[];
  readonly tokens: number;
  readonly lastSeq: number;
}

/** The events behind `afterSeq` by the messages that began them. */
export function exchangesOf(events: readonly ConversationEvent[], afterSeq: number): Exchange[] {
  const groups: ConversationEvent[][] = [];
  for (const event of events) {
    if (event.seq <= afterSeq) continue;
    const begins = event.type === 'message.added' && event.joins === undefined;
    if (begins || groups.length === 0) groups.push([event]);
    else groups.at(-1)?.push(event);
  }
  return groups.map((group) => {
    const turns = turnsFromEvents(group);
    return {
      events: group,
      turns,
      tokens: estimateTokens(turns),
      lastSeq: group.at(-1)?.seq ?? afterSeq,
    };
  });
}

/**
 * Divides a history: the newest exchanges that fit into `keptTokens` stay as they are, and the last
 * one always, because it is being answered; the others are for the summary.
 */
export function divideHistory(
  exchanges: readonly Exchange[],
  keptTokens: number,
): { readonly old: readonly Exchange[]; readonly recent: readonly Exchange[] } {
  let begin = Math.max(0, exchanges.length - 1);
  let tokens = exchanges[begin]?.tokens ?? 0;
  while (begin > 0) {
    tokens += exchanges[begin - 1]?.tokens ?? 0;
    if (tokens > keptTokens) break;
    begin -= 1;
  }
  return { old: exchanges.slice(0, begin), recent: exchanges.slice(begin) };
}
