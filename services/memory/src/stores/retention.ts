import type { Database } from '@mosaic/service-kit';
import type { ConversationKey } from '../app/follow-conversation.ts';
import { dropPassages } from './passages/write-passages.ts';
import type { MemoryTables } from './tables.ts';
import { dropSummary } from './tiers/kept-summary.ts';

/** A conversation that nobody has used for long, and the last event that memory knows of it. */
export interface Outdated extends ConversationKey {
  readonly seq: number;
}

/** Everybody who ever had a conversation. */
export async function listOwners(db: Database<MemoryTables>): Promise<readonly string[]> {
  const rows = await db.asService((tx) => tx.selectFrom('owner').select('user_id').execute());
  return rows.map((row) => row.user_id);
}

/** The user's conversations that were not used since. */
export async function listOutdated(
  db: Database<MemoryTables>,
  userId: string,
  untouchedSince: string,
): Promise<readonly Outdated[]> {
  const rows = await db.asUser({ userId }, (tx) =>
    tx
      .selectFrom('conversation')
      .select(['id', 'seq'])
      .where('user_id', '=', userId)
      .where('deleted_at', 'is', null)
      .where('updated_at', '<', new Date(untouchedSince))
      .execute(),
  );
  return rows.map(({ id, seq }) => ({ userId, conversationId: id, seq }));
}

/** Removes the last traces of conversations that were deleted before; answers how many. */
export async function removeDeleted(
  db: Database<MemoryTables>,
  userId: string,
  deletedBefore: string,
): Promise<number> {
  const result = await db.asUser({ userId }, (tx) =>
    tx
      .deleteFrom('conversation')
      .where('user_id', '=', userId)
      .where('deleted_at', '<', new Date(deletedBefore))
      .executeTakeFirst(),
  );
  return Number(result.numDeletedRows);
}

/** Removes a conversation that has not moved on from `seq`; false when it has. */
export async function removeOutdated(
  db: Database<MemoryTables>,
  outdated: Outdated,
): Promise<boolean> {
  return db.asUser(outdated, async (tx) => {
    const { userId, conversationId, seq } = outdated;
    const result = await tx
      .deleteFrom('conversation')
      .where('user_id', '=', userId)
      .where('id', '=', conversationId)
      .where('seq', '=', seq)
      .executeTakeFirst();
    if (result.numDeletedRows === 0n) return false;
    await dropSummary(tx, outdated);
    await dropPassages(tx, userId, { source: 'message', conversationId });
    return true;
  });
}
