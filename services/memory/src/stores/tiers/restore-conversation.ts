import type { StorageTier } from '@mosaic/proto';
import type { Database } from '@mosaic/service-kit';
import { sql, type Transaction } from 'kysely';
import type { ConversationKey } from '../../app/follow-conversation.ts';
import { collectMessages, type ProjectedMessage } from '../../app/tiers/messages-of-events.ts';
import { dropPassages } from '../passages/write-passages.ts';
import type { MemoryTables } from '../tables.ts';
import { DamagedPiece } from './cold-form.ts';
import { dropParts, parseEvent, readParts } from './cold-parts.ts';

type Tx = Transaction<MemoryTables>;

export interface Restored {
  readonly from: StorageTier;
  readonly tier: StorageTier;
  /** How many events were brought back; 0 of a conversation that was not cold. */
  readonly events: number;
}

/**
 * Brings a conversation of the user back from the cold. One that is not cold is left as it is;
 * undefined: there are no rows of it, or its pieces were damaged and are gone, and the log makes it anew.
 */
export function restoreConversation(
  db: Database<MemoryTables>,
  key: ConversationKey,
): Promise<Restored | undefined> {
  return db.asUser(key, (tx) => bringBack(tx, key));
}

/** As `restoreConversation`, within a transaction that goes on. It counts as use. */
export async function bringBack(tx: Tx, key: ConversationKey): Promise<Restored | undefined> {
  const row = await tx
    .selectFrom('conversation')
    .select('tier')
    .where('user_id', '=', key.userId)
    .where('id', '=', key.conversationId)
    .where('deleted_at', 'is', null)
    .forUpdate()
    .executeTakeFirst();
  if (row === undefined) return undefined;
  if (row.tier !== 'cold') return { from: row.tier, tier: row.tier, events: 0 };
  const events = await restoreIn(tx, key);
  if (events === undefined) return undefined;
  await tx
    .updateTable('conversation')
    .set({ tier: 'hot', restored_at: sql`now()` })
    .where('user_id', '=', key.userId)
    .where('id', '=', key.conversationId)
    .execute();
  return { from: 'cold', tier: 'hot', events };
}

/**
 * Writes the rows of a cold conversation again, within a transaction that has locked it and sets its
 * tier. Answers how many events it has; undefined when a piece was damaged: then nothing of the
 * conversation is left here, as if it had never been read, and the log makes it anew.
 */
export async function restoreIn(tx: Tx, key: ConversationKey): Promise<number | undefined> {
  const { add, messages } = collectMessages();
  try {
    for await (const lines of readParts(tx, key)) {
      for (const line of lines) add(parseEvent(line));
      await insertEvents(tx, key, lines);
    }
  } catch (thrown) {
    if (!(thrown instanceof DamagedPiece)) throw thrown;
    await forgetConversation(tx, key);
    return undefined;
  }
  await insertMessages(tx, key, [...messages.values()]);
  return dropParts(tx, key);
}

async function insertEvents(tx: Tx, key: ConversationKey, lines: readonly string[]) {
  await sql`
    insert into event (user_id, conversation_id, seq, type, at, payload)
    select ${key.userId}, ${key.conversationId}, (line ->> 'seq')::integer, line ->> 'type',
      (line ->> 'at')::timestamptz, line
    from (select text::jsonb as line from unnest(${lines}::text[]) as text) as lines`.execute(tx);
}

const messagesAtOnce = 500;

async function insertMessages(tx: Tx, key: ConversationKey, messages: readonly ProjectedMessage[]) {
  for (let from = 0; from < messages.length; from += messagesAtOnce) {
    const rows = JSON.stringify(messages.slice(from, from + messagesAtOnce));
    await sql`
      insert into message (user_id, conversation_id, id, role, text, at)
      select ${key.userId}, ${key.conversationId}, row.id, row.role, row.text, row.at
      from jsonb_to_recordset(${rows}::jsonb)
        as row (id text, role text, text text, at timestamptz)`.execute(tx);
  }
}

async function forgetConversation(tx: Tx, key: ConversationKey): Promise<void> {
  const { conversationId, userId } = key;
  await tx
    .deleteFrom('conversation')
    .where('user_id', '=', userId)
    .where('id', '=', conversationId)
    .execute();
  await dropPassages(tx, userId, { source: 'message', conversationId });
}
