import { type saveSummary as contract, type RequestOf, summariesKey } from '@mosaic/proto';
import type { Database } from '@mosaic/service-kit';
import { sql, type Transaction } from 'kysely';
import type { ConversationKey } from '../../app/follow-conversation.ts';
import { storableText } from '../../app/storable-text.ts';
import { collectMessages } from '../../app/tiers/messages-of-events.ts';
import { type SpokenMessage, transcriptOf } from '../../app/tiers/transcript.ts';
import { findIn } from '../conversations.ts';
import { readOwnSetting } from '../memories/standing.ts';
import type { MemoryTables } from '../tables.ts';
import { parseEvent, readParts } from './cold-parts.ts';

type Tx = Transaction<MemoryTables>;

/** A conversation of one question is its own summary. */
const fewestMessages = 4;
const eventsAtOnce = 500;

/** The user's conversations that nobody uses any more and whose summary is missing or out of date. */
export async function listUnsummarized(
  db: Database<MemoryTables>,
  userId: string,
  want: { readonly limit: number; readonly triedBefore: string },
): Promise<readonly string[]> {
  const { rows } = await db.asUser({ userId }, (tx) =>
    sql<{ id: string }>`
      select c.id from conversation c
      left join conversation_summary s on s.user_id = ${userId} and s.conversation_id = c.id
      where c.user_id = ${userId} and c.tier <> 'hot' and not c.is_incognito
        and c.deleted_at is null and c.message_count >= ${fewestMessages}
        and (s.message_count is distinct from c.message_count
          or (s.text is null and s.at < ${want.triedBefore}::timestamptz))
      order by c.updated_at desc, c.id limit ${want.limit}`.execute(tx),
  );
  return rows.map(({ id }) => id);
}

export type PreparedSummary =
  | { readonly isWanted: false; readonly why: string }
  | { readonly isWanted: true; readonly text: string; readonly messageCount: number };

/** What a model may see of a conversation to summarise it: what was said, from wherever it is stored. */
export function prepareSummary(
  db: Database<MemoryTables>,
  key: ConversationKey,
): Promise<PreparedSummary> {
  return db.asUser(key, async (tx): Promise<PreparedSummary> => {
    const conversation = await findIn(tx, key);
    if (!conversation) return { isWanted: false, why: 'The conversation is gone.' };
    if (conversation.isIncognito) return { isWanted: false, why: 'It is incognito.' };
    if (conversation.tier === 'hot') return { isWanted: false, why: 'It is in use again.' };
    if ((await readOwnSetting(tx, key.userId, summariesKey)) === 'none') {
      return { isWanted: false, why: 'Nothing is summarised for this person.' };
    }
    const messages = await (conversation.tier === 'cold' ? readCold(tx, key) : readLog(tx, key));
    if (messages.length === 0) return { isWanted: false, why: 'Nothing was said in it.' };
    const { messageCount } = conversation;
    return { isWanted: true, text: transcriptOf(messages), messageCount };
  });
}

async function readCold(tx: Tx, key: ConversationKey): Promise<readonly SpokenMessage[]> {
  const { add, messages } = collectMessages();
  for await (const lines of readParts(tx, key)) {
    for (const line of lines) add(parseEvent(line));
  }
  return [...messages.values()];
}

/** In the order of the log: two turns of one moment, and of an import without times, have the same. */
async function readLog(tx: Tx, key: ConversationKey): Promise<readonly SpokenMessage[]> {
  const { add, messages } = collectMessages();
  let after = 0;
  for (;;) {
    const rows = await tx
      .selectFrom('event')
      .select(['seq', 'payload'])
      .where('user_id', '=', key.userId)
      .where('conversation_id', '=', key.conversationId)
      .where('seq', '>', after)
      .orderBy('seq')
      .limit(eventsAtOnce)
      .execute();
    for (const { payload } of rows) add(payload);
    after = rows.at(-1)?.seq ?? after;
    if (rows.length < eventsAtOnce) return [...messages.values()];
  }
}

/** Keeps a summary, or why there is none; false when the conversation is gone, in use or incognito. */
export function saveSummary(
  db: Database<MemoryTables>,
  key: ConversationKey,
  { by, messageCount, text }: Omit<RequestOf<typeof contract>, 'conversationId'>,
): Promise<boolean> {
  return db.asUser(key, async (tx) => {
    const conversation = await findIn(tx, key);
    if (!conversation || conversation.isIncognito || conversation.tier === 'hot') return false;
    const values = {
      text: text === null ? null : storableText(text),
      written_by: storableText(by),
      message_count: messageCount,
      at: new Date().toISOString(),
    };
    await tx
      .insertInto('conversation_summary')
      .values({ ...values, user_id: key.userId, conversation_id: key.conversationId })
      .onConflict((conflict) =>
        conflict.columns(['user_id', 'conversation_id']).doUpdateSet(values),
      )
      .execute();
    return true;
  });
}
