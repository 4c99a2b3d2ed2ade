import type { ConversationEvent } from '@mosaic/proto';
import { type Selectable, sql, type Transaction } from 'kysely';
import type { ConversationKey } from '../../app/follow-conversation.ts';
import type { EventQuery } from '../events.ts';
import type { MemoryTables } from '../tables.ts';
import { fromColdPiece } from './cold-form.ts';

type Tx = Transaction<MemoryTables>;
type Part = Pick<Selectable<MemoryTables['cold_part']>, 'part' | 'checksum' | 'body' | 'raw_bytes'>;

/** The pieces of a conversation, one at a time: the whole of it need not fit in memory. */
export async function* readParts(
  tx: Tx,
  key: ConversationKey,
  { afterSeq = 0, beforeSeq }: Partial<Pick<EventQuery, 'afterSeq' | 'beforeSeq'>> = {},
): AsyncGenerator<readonly string[]> {
  const isBackwards = beforeSeq !== undefined;
  let last: number | undefined;
  for (;;) {
    let query = tx
      .selectFrom('cold_part')
      .select(['part', 'checksum', 'body', 'raw_bytes'])
      .where('user_id', '=', key.userId)
      .where('conversation_id', '=', key.conversationId)
      .where('last_seq', '>', afterSeq)
      .orderBy('part', isBackwards ? 'desc' : 'asc')
      .limit(1);
    if (beforeSeq !== undefined) query = query.where('first_seq', '<', beforeSeq);
    if (last !== undefined) query = query.where('part', isBackwards ? '<' : '>', last);
    const part: Part | undefined = await query.executeTakeFirst();
    if (part === undefined) return;
    last = part.part;
    const { body, checksum, raw_bytes: rawBytes } = part;
    yield await fromColdPiece({ body, checksum, rawBytes });
  }
}

/** As `readEvents`, of a conversation that is cold and stays so; none of one that is not. */
export async function readColdEvents(
  tx: Tx,
  key: ConversationKey,
  query: EventQuery,
): Promise<readonly ConversationEvent[]> {
  const { afterSeq, beforeSeq, limit } = query;
  const found: ConversationEvent[] = [];
  for await (const lines of readParts(tx, key, query)) {
    const events = lines
      .map(parseEvent)
      .filter(({ seq }) => seq > afterSeq && (beforeSeq === undefined || seq < beforeSeq));
    found.push(...(beforeSeq === undefined ? events : events.reverse()));
    if (found.length >= limit) break;
  }
  return found.slice(0, limit);
}

/** Read from where this service wrote it, checked by its sum. */
export function parseEvent(line: string): ConversationEvent {
  return JSON.parse(line) as ConversationEvent;
}

/** Removes the pieces of a conversation; answers how many events they were. */
export async function dropParts(tx: Tx, key: ConversationKey): Promise<number> {
  const gone = await tx
    .deleteFrom('cold_part')
    .where('user_id', '=', key.userId)
    .where('conversation_id', '=', key.conversationId)
    .returning(sql<number>`events`.as('events'))
    .execute();
  return gone.reduce((sum, { events }) => sum + events, 0);
}
