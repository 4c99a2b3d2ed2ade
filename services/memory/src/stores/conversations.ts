import type { ConversationSummary } from '@mosaic/proto';
import type { Database } from '@mosaic/service-kit';
import { type Selectable, sql, type Transaction } from 'kysely';
import type { ConversationKey } from '../app/follow-conversation.ts';
import type { ListCursor } from '../app/page-cursor.ts';
import type { MemoryTables } from './tables.ts';
import { findSummary } from './tiers/kept-summary.ts';

type Row = Selectable<MemoryTables['conversation']>;

export interface PageQuery {
  readonly limit: number;
  readonly after: ListCursor | null;
  readonly archived: 'without' | 'only' | 'with';
  readonly tag: string | undefined;
}

/** The user's conversations, pinned ones first, then last used first; one more than `limit` when there is a next page. */
export async function listPage(
  db: Database<MemoryTables>,
  userId: string,
  { after, archived, limit, tag }: PageQuery,
): Promise<readonly ConversationSummary[]> {
  const rows = await db.asUser({ userId }, (tx) => {
    let query = tx
      .selectFrom('conversation')
      .selectAll()
      .where('user_id', '=', userId)
      .where('deleted_at', 'is', null);
    if (archived !== 'with') query = query.where('is_archived', '=', archived === 'only');
    if (tag !== undefined) query = query.where(sql<boolean>`${tag} = any(tags)`);
    if (after !== null) {
      const { id, isPinned, updatedAt } = after;
      query = query.where(
        sql<boolean>`(is_pinned, updated_at, id) < (${isPinned}, ${updatedAt}::timestamptz, ${id})`,
      );
    }
    return query
      .orderBy('is_pinned', 'desc')
      .orderBy('updated_at', 'desc')
      .orderBy('id', 'desc')
      .limit(limit + 1)
      .execute();
  });
  return rows.map(toSummary);
}

/** A conversation as stored; null when it was deleted, undefined when there are no rows of it. */
export type Found = ConversationSummary | null | undefined;

/** With its summary, where it has one. */
export function findConversation(db: Database<MemoryTables>, key: ConversationKey): Promise<Found> {
  return db.asUser(key, async (tx) => {
    const found = await findIn(tx, key);
    // One that is in use has none that is up to date.
    if (!found || found.tier === 'hot') return found;
    const summary = await findSummary(tx, key, found.messageCount);
    return summary === undefined ? found : { ...found, summary };
  });
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
    isPinned: row.is_pinned,
    isArchived: row.is_archived,
    isIncognito: row.is_incognito,
    tags: row.tags,
    seq: row.seq,
    createdAt: row.created_at.toISOString(),
    updatedAt: row.updated_at.toISOString(),
    tier: row.tier,
  };
}
