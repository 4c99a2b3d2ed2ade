import type { ConversationEvent } from '@mosaic/proto';
import type { Database } from '@mosaic/service-kit';
import type { ConversationKey } from '../app/follow-conversation.ts';
import type { MemoryTables } from './tables.ts';

export interface EventQuery {
  readonly afterSeq: number;
  /** Given: the newest `limit` events before it; else the oldest ones after `afterSeq`. */
  readonly beforeSeq: number | undefined;
  readonly limit: number;
}

/** Events of one conversation in the direction of the query, nearest first. */
export async function readEvents(
  db: Database<MemoryTables>,
  key: ConversationKey,
  query: EventQuery,
): Promise<readonly ConversationEvent[]> {
  const { afterSeq, beforeSeq, limit } = query;
  const rows = await db.asUser(key, (tx) => {
    const after = tx
      .selectFrom('event')
      .select('payload')
      .where('user_id', '=', key.userId)
      .where('conversation_id', '=', key.conversationId)
      .where('seq', '>', afterSeq)
      .limit(limit);
    return beforeSeq === undefined
      ? after.orderBy('seq', 'asc').execute()
      : after.where('seq', '<', beforeSeq).orderBy('seq', 'desc').execute();
  });
  return rows.map((row) => row.payload);
}

/**
 * Events up to `untilSeq` from which the newest `maxTurns` turns can be made, oldest first. Each
 * question opens a turn, so going back by that many questions is always enough.
 */
export async function readContextEvents(
  db: Database<MemoryTables>,
  key: ConversationKey,
  range: { readonly untilSeq: number; readonly maxTurns: number },
): Promise<readonly ConversationEvent[]> {
  const rows = await db.asUser(key, (tx) => {
    const events = tx
      .selectFrom('event')
      .where('user_id', '=', key.userId)
      .where('conversation_id', '=', key.conversationId)
      .where('seq', '<=', range.untilSeq);
    const questions = events
      .select('seq')
      .where('type', '=', 'message.added')
      .orderBy('seq', 'desc')
      .limit(range.maxTurns);
    return events
      .select('payload')
      .where('type', 'not like', 'conversation.%')
      .where('seq', '>=', (eb) =>
        eb.selectFrom(questions.as('question')).select((from) => from.fn.min('seq').as('seq')),
      )
      .orderBy('seq', 'asc')
      .execute();
  });
  return rows.map((row) => row.payload);
}
