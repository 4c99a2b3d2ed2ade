import type { ConversationSummary } from '@mosaic/proto';
import type { Database } from '@mosaic/service-kit';
import { type Selectable, sql, type Transaction } from 'kysely';
import type { ConversationKey } from '../app/follow-conversation.ts';
import type { PageCursor } from '../app/page-cursor.ts';
import type { MemoryTables } from './tables.ts';

type Row = Selectable<MemoryTables['conversation']>;

export interface PageQuery {
  readonly limit: number;
  readonly after: PageCursor | null;
}

/** The user's conversations, last used first; one more than `limit` when there is a next page. */
export async function listPage(
  db: Database<MemoryTables>,
  userId: string,
  { limit, after }: PageQuery,
): Promise<readonly ConversationSummary[]> {
  const rows = await db.asUser({ userId }, (tx) => {
    const query = tx
      .selectFrom('conversation')
      .selectAll()
      .where('user_id', '=', userId)
      .where('deleted_at', 'is', null)
      .orderBy('updated_at', 'desc')
      .orderBy('id', 'desc')
      .limit(limit + 1);
    if (after === null) return query.execute();
    const { updatedAt, id } = after;
    return query
      .where(sql<boolean>`(updated_at, id) < (${updatedAt}::timestamptz, ${id})`)
      .execute();
  });
  return rows.map(toSummary);
}

/** A conversation as stored; null when it was deleted, undefined when there are no rows of it. */
export type Found = ConversationSummary | null | undefined;

export function findConversation(db: Database<MemoryTables>, key: ConversationKey): Promise<Found> {
  return db.asUser(key, (tx) => findIn(tx, key));
}

/** As `findConversation`, within a transaction that goes on. */
export async function findIn(tx: Transaction<MemoryTables>, key: ConversationKey): Promise<Found> {
  const row = await tx
    .selectFrom('conversation')
    .selectAll()
    .where('user_id', '=', key.userId)
    .where('id', '=', key.conversationId)
    .executeTakeFirst();
  if (row === undefined) return undefined;
  return row.deleted_at === null ? toSummary(row) : null;
}

function toSummary(row: Row): ConversationSummary {
  return {
    id: row.id,
    title: row.title,
    agent: row.agent,
    model: row.model,
    messageCount: row.message_count,
    seq: row.seq,
    createdAt: row.created_at.toISOString(),
    updatedAt: row.updated_at.toISOString(),
  };
}
