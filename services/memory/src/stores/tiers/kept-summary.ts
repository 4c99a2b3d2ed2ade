import type { Transaction } from 'kysely';
import type { ConversationKey } from '../../app/follow-conversation.ts';
import type { MemoryTables } from '../tables.ts';

type Tx = Transaction<MemoryTables>;

/** The summary of a conversation; undefined without one, or when more was said since. */
export async function findSummary(
  tx: Tx,
  key: ConversationKey,
  messageCount: number,
): Promise<string | undefined> {
  const row = await tx
    .selectFrom('conversation_summary')
    .select('text')
    .where('user_id', '=', key.userId)
    .where('conversation_id', '=', key.conversationId)
    .where('message_count', '=', messageCount)
    .executeTakeFirst();
  return row?.text ?? undefined;
}

/** Goes with the conversation, which is not its parent: it outlives the making anew of that. */
export async function dropSummary(tx: Tx, key: ConversationKey): Promise<void> {
  await tx
    .deleteFrom('conversation_summary')
    .where('user_id', '=', key.userId)
    .where('conversation_id', '=', key.conversationId)
    .execute();
}
