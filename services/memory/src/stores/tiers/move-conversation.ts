import type { Database } from '@mosaic/service-kit';
import { sql, type Transaction } from 'kysely';
import type { ConversationKey } from '../../app/follow-conversation.ts';
import type { MemoryTables } from '../tables.ts';
import { toColdPiece } from './cold-form.ts';

type Tx = Transaction<MemoryTables>;

/** Events of about this size become one piece: larger ones hardly compress better. */
const pieceBytes = 512 * 1024;
const eventsAtOnce = 256;

/** A conversation as it was judged. */
export interface MovedConversation extends ConversationKey {
  readonly seq: number;
}

/** Makes a hot conversation warm; false when it has moved on from `seq`. */
export async function warmConversation(
  db: Database<MemoryTables>,
  { conversationId, seq, userId }: MovedConversation,
): Promise<boolean> {
  const result = await db.asUser({ userId }, (tx) =>
    tx
      .updateTable('conversation')
      .set({ tier: 'warm' })
      .where('user_id', '=', userId)
      .where('id', '=', conversationId)
      .where('seq', '=', seq)
      .where('tier', '=', 'hot')
      .where('deleted_at', 'is', null)
      .executeTakeFirst(),
  );
  return result.numUpdatedRows > 0n;
}

/**
 * Puts the events of a conversation into compressed pieces and drops the rows, in one transaction: who
 * dies in between leaves it as it was. Its passages stay, so that search finds it as before; its
 * messages are in its events. Answers the bytes it saved, or null when the conversation has moved on
 * from `seq`, is cold already, or has to stay.
 */
export function chillConversation(
  db: Database<MemoryTables>,
  moved: MovedConversation,
): Promise<number | null> {
  return db.asUser(moved, async (tx) => {
    if (!(await lockUnlessMoved(tx, moved))) return null;
    const before = await sizeOfRows(tx, moved);
    const after = await writeParts(tx, moved);
    for (const table of ['event', 'message'] as const) {
      await tx
        .deleteFrom(table)
        .where('user_id', '=', moved.userId)
        .where('conversation_id', '=', moved.conversationId)
        .execute();
    }
    await tx
      .updateTable('conversation')
      .set({ tier: 'cold' })
      .where('user_id', '=', moved.userId)
      .where('id', '=', moved.conversationId)
      .execute();
    return before - after;
  });
}

async function lockUnlessMoved(
  tx: Tx,
  { conversationId, seq, userId }: MovedConversation,
): Promise<boolean> {
  const row = await tx
    .selectFrom('conversation')
    .select('seq')
    .where('user_id', '=', userId)
    .where('id', '=', conversationId)
    .where('tier', '<>', 'cold')
    .where('is_incognito', '=', false)
    .where('deleted_at', 'is', null)
    .forUpdate()
    .executeTakeFirst();
  return row?.seq === seq;
}

async function sizeOfRows(tx: Tx, { conversationId, userId }: ConversationKey): Promise<number> {
  const { rows } = await sql<{ bytes: number }>`
    select (
      coalesce((select sum(pg_column_size(payload)) from event
        where user_id = ${userId} and conversation_id = ${conversationId}), 0)
      + coalesce((select sum(pg_column_size(text) + pg_column_size(search)) from message
        where user_id = ${userId} and conversation_id = ${conversationId}), 0)
    )::float8 as bytes`.execute(tx);
  return rows[0]?.bytes ?? 0;
}

interface EventText {
  readonly seq: number;
  readonly text: string;
}

/** Writes all events as pieces; answers their bytes. */
async function writeParts(tx: Tx, key: ConversationKey): Promise<number> {
  let bytes = 0;
  let afterSeq = 0;
  for (let part = 0; ; part += 1) {
    const events = await readPortion(tx, key, afterSeq);
    const [first, last] = [events[0], events.at(-1)];
    if (first === undefined || last === undefined) return bytes;
    const piece = await toColdPiece(events.map(({ text }) => text));
    await tx
      .insertInto('cold_part')
      .values({
        user_id: key.userId,
        conversation_id: key.conversationId,
        part,
        first_seq: first.seq,
        last_seq: last.seq,
        events: events.length,
        raw_bytes: piece.rawBytes,
        checksum: piece.checksum,
        body: piece.body,
      })
      .execute();
    bytes += piece.body.length;
    afterSeq = last.seq;
  }
}

async function readPortion(
  tx: Tx,
  { conversationId, userId }: ConversationKey,
  afterSeq: number,
): Promise<readonly EventText[]> {
  // As text: what is brought back is byte by byte what was there.
  const { rows } = await sql<EventText>`
    select seq, text from (
      select seq, text, sum(octet_length(text)) over (order by seq) - octet_length(text) as before
      from (
        select seq, payload::text as text from event
        where user_id = ${userId} and conversation_id = ${conversationId} and seq > ${afterSeq}
        order by seq limit ${eventsAtOnce}
      ) next
    ) sized where before < ${pieceBytes} order by seq`.execute(tx);
  return rows;
}
