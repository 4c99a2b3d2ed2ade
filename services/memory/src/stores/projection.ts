import type { ConversationEvent, StorageLimits, StorageTier } from '@mosaic/proto';
import type { Database } from '@mosaic/service-kit';
import { sql, type Transaction } from 'kysely';
import type { Applied, ConversationKey, LoggedEvent } from '../app/follow-conversation.ts';
import { type ConversationState, type MessageChange, projectEvent } from '../app/project-event.ts';
import { storableJson, storableText } from '../app/storable-text.ts';
import { rememberByRules } from './extraction/by-rules.ts';
import { dropPassages, type PassageText, passageParts } from './passages/write-passages.ts';
import type { MemoryTables } from './tables.ts';
import { dropSummary } from './tiers/kept-summary.ts';
import { restoreIn } from './tiers/restore-conversation.ts';

type Tx = Transaction<MemoryTables>;

/** The rows of a conversation with the number of its last event in the stream. */
interface Stored extends Applied {
  readonly state: ConversationState | undefined;
  readonly tier: StorageTier;
}

/** Name of this database's own consumer of the log. */
export async function readProjectionId(db: Database<MemoryTables>): Promise<string> {
  const row = await db.asService((tx) =>
    tx.selectFrom('projection').select('id').executeTakeFirstOrThrow(),
  );
  return row.id;
}

/**
 * Applies those of `events` that come next, all in one transaction of the owner; known ones change
 * nothing, and the first one beyond a gap ends it. A deletion comes next wherever it stands, because
 * after it nothing else is left in the log.
 */
export function applyEvents(
  db: Database<MemoryTables>,
  key: ConversationKey,
  { events, limits }: { readonly events: readonly LoggedEvent[]; readonly limits: StorageLimits },
): Promise<Applied> {
  return db.asUser(key, async (tx) => {
    let stored = await readStored(tx, key);
    if (stored.state === undefined && (await isRemoved(tx, key.userId))) return passedBy;
    for (const logged of events) {
      const { event } = logged;
      if (event.seq <= stored.seq) continue;
      const isDeletion = event.type === 'conversation.deleted';
      if (event.seq > stored.seq + 1 && !isDeletion) break;
      if (stored.tier === 'cold' && !isDeletion) {
        // Damaged pieces: the conversation is unknown again, and its whole log is asked for.
        if ((await restoreIn(tx, key)) === undefined) return { seq: 0, streamSeq: 0 };
        stored = { ...stored, tier: 'warm' };
      }
      stored = await applyOne(tx, key, { logged, before: stored, limits });
    }
    return { seq: stored.seq, streamSeq: stored.streamSeq };
  });
}

/** Of a person who is gone: nothing of theirs is applied any more, and it does not come again. */
const passedBy: Applied = { seq: Number.MAX_SAFE_INTEGER, streamSeq: Number.MAX_SAFE_INTEGER };

async function isRemoved(tx: Tx, userId: string): Promise<boolean> {
  const row = await tx
    .selectFrom('removed_owner')
    .select('id')
    .where('id', '=', userId)
    .executeTakeFirst();
  return row !== undefined;
}

async function readStored(tx: Tx, key: ConversationKey): Promise<Stored> {
  const row = await tx
    .selectFrom('conversation')
    .selectAll()
    .where('user_id', '=', key.userId)
    .where('id', '=', key.conversationId)
    .forUpdate()
    .executeTakeFirst();
  if (row === undefined) return { seq: 0, streamSeq: 0, state: undefined, tier: 'hot' };
  const { title, agent, model, seq } = row;
  return {
    seq,
    streamSeq: row.stream_seq,
    tier: row.tier,
    state: {
      title,
      agent,
      model,
      seq,
      messageCount: row.message_count,
      createdAt: row.created_at.toISOString(),
      updatedAt: row.updated_at.toISOString(),
      deletedAt: row.deleted_at?.toISOString() ?? null,
      isPinned: row.is_pinned,
      isArchived: row.is_archived,
      isIncognito: row.is_incognito,
      tags: row.tags,
    },
  };
}

interface Step {
  readonly logged: LoggedEvent;
  readonly before: Stored;
  readonly limits: StorageLimits;
}

async function applyOne(
  tx: Tx,
  key: ConversationKey,
  { logged, before, limits }: Step,
): Promise<Stored> {
  const { event, streamSeq } = logged;
  const { state, message } = projectEvent(before.state, event);
  if (before.state === undefined) await writeOwner(tx, key.userId);
  // A new title is no use of it: such a conversation becomes cold again in its time.
  const isUsed = state.messageCount > (before.state?.messageCount ?? 0);
  const tier = isUsed || state.deletedAt !== null ? 'hot' : before.tier;
  const conversation = upsertConversation(tx, key, { state, streamSeq, tier });
  if (state.deletedAt !== null) {
    await removeContent(tx, key);
    await conversation.execute();
  } else {
    if (message?.kind === 'remove') await removeMessage(tx, key, message.id);
    const parts = [sql`event_row as (${insertEvent(tx, key, event)})`];
    if (message?.kind === 'add') {
      parts.push(sql`message_row as (${upsertMessage(tx, key, { ...message, at: event.at })})`);
      // What was said incognito is not recalled elsewhere.
      if (!state.isIncognito) {
        parts.push(...passageParts(key.userId, [passageOf(key, event, message)]));
      }
    }
    // One message to the database instead of three: an answer waits for this.
    await sql`with ${sql.join(parts)} ${conversation}`.execute(tx);
    if (event.type === 'conversation.arranged' && event.isIncognito === true) {
      const { conversationId } = key;
      await dropPassages(tx, key.userId, { source: 'message', conversationId });
    }
    if (event.type === 'message.added' && !state.isIncognito && event.via !== 'import') {
      await rememberByRules(tx, key, { ...event, limits });
    }
  }
  return { seq: event.seq, streamSeq, state, tier };
}

function upsertConversation(
  tx: Tx,
  key: ConversationKey,
  { state, streamSeq, tier }: Omit<Stored, 'seq'> & { readonly state: ConversationState },
) {
  const values = {
    title: state.title === null ? null : storableText(state.title),
    agent: storableText(state.agent),
    model: state.model,
    message_count: state.messageCount,
    seq: state.seq,
    stream_seq: streamSeq,
    updated_at: state.updatedAt,
    deleted_at: state.deletedAt,
    is_pinned: state.isPinned,
    is_archived: state.isArchived,
    is_incognito: state.isIncognito,
    tags: state.tags.map(storableText),
    tier,
  };
  return tx
    .insertInto('conversation')
    .values({
      ...values,
      user_id: key.userId,
      id: key.conversationId,
      created_at: state.createdAt,
    })
    .onConflict((conflict) => conflict.columns(['user_id', 'id']).doUpdateSet(values));
}

function insertEvent(tx: Tx, key: ConversationKey, event: ConversationEvent) {
  return tx.insertInto('event').values({
    user_id: key.userId,
    conversation_id: key.conversationId,
    seq: event.seq,
    type: event.type,
    at: event.at,
    payload: storableJson(event),
  });
}

/** An answer with tool calls is written in steps: more text of the same run goes behind the other. */
function upsertMessage(
  tx: Tx,
  key: ConversationKey,
  message: Extract<MessageChange, { kind: 'add' }> & { readonly at: string },
) {
  return tx
    .insertInto('message')
    .values({
      user_id: key.userId,
      conversation_id: key.conversationId,
      id: message.id,
      role: message.role,
      text: storableText(message.text),
      at: message.at,
    })
    .onConflict((conflict) =>
      conflict.columns(['user_id', 'conversation_id', 'id']).doUpdateSet({
        text: sql`message.text || E'\\n\\n' || excluded.text`,
        at: message.at,
      }),
    );
}

function passageOf(
  { conversationId }: ConversationKey,
  { seq, at }: ConversationEvent,
  message: Extract<MessageChange, { kind: 'add' }>,
): PassageText {
  const { id, role, text, speaker } = message;
  const place = { conversationId, position: seq, saidAt: at };
  return { source: 'message', sourceId: id, ...place, role, speaker, text };
}

async function writeOwner(tx: Tx, userId: string): Promise<void> {
  await tx
    .insertInto('owner')
    .values({ user_id: userId })
    .onConflict((conflict) => conflict.doNothing())
    .execute();
}

async function removeMessage(tx: Tx, key: ConversationKey, id: string): Promise<void> {
  await tx
    .deleteFrom('message')
    .where('user_id', '=', key.userId)
    .where('conversation_id', '=', key.conversationId)
    .where('id', '=', id)
    .execute();
  const { conversationId } = key;
  await dropPassages(tx, key.userId, { source: 'message', sourceIds: [id], conversationId });
}

async function removeContent(tx: Tx, key: ConversationKey): Promise<void> {
  await dropSummary(tx, key);
  for (const table of ['event', 'message', 'cold_part'] as const) {
    await tx
      .deleteFrom(table)
      .where('user_id', '=', key.userId)
      .where('conversation_id', '=', key.conversationId)
      .execute();
  }
  const { conversationId } = key;
  await dropPassages(tx, key.userId, { source: 'message', conversationId });
}
