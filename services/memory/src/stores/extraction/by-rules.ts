import { MosaicError, type StorageLimits } from '@mosaic/proto';
import type { Database } from '@mosaic/service-kit';
import type { Transaction } from 'kysely';
import { extractByRules, rulesVersion } from '../../app/extraction/extract-by-rules.ts';
import type { ConversationKey } from '../../app/follow-conversation.ts';
import { saveMemoryIn } from '../memories/memories.ts';
import { isPausedIn } from '../memories/standing.ts';
import type { MemoryTables } from '../tables.ts';
import { fullKind } from '../tiers/assert-room.ts';

type Tx = Transaction<MemoryTables>;

interface Question {
  readonly messageId: string;
  readonly text: string;
  /** Who has reached them is remembered nothing more of; the question itself is kept all the same. */
  readonly limits: StorageLimits;
}

/**
 * Remembers what a question asks to remember, in the transaction that stores it: the next answer knows
 * it. Each question is read once, whatever becomes of what it said; one that says nothing of the kind
 * costs no statement.
 */
export async function rememberByRules(
  tx: Tx,
  key: ConversationKey,
  { limits, messageId, text }: Question,
): Promise<void> {
  const found = extractByRules(text);
  if (found.length === 0) return;
  if (await isPausedIn(tx, key.userId)) return;
  if ((await fullKind(tx, key.userId, { addition: 'memory', limits })) !== undefined) return;
  const reading = { messageId, extractor: 'rules', version: rulesVersion } as const;
  if (!(await noteReading(tx, key.userId, reading))) return;
  for (const draft of found) {
    await saveMemoryIn(tx, key.userId, {
      ...draft,
      source: { conversationId: key.conversationId, messageIds: [messageId] },
      validFrom: null,
      validTo: null,
      extractor: 'rules',
      extractorVersion: rulesVersion,
      supersedes: null,
    });
  }
}

export interface Reading {
  readonly messageId: string;
  readonly extractor: 'rules' | 'model';
  readonly version: string;
}

/** Notes that a question is read; false when this extractor had read it before. */
export async function noteReading(
  tx: Tx,
  userId: string,
  { extractor, messageId, version }: Reading,
): Promise<boolean> {
  const row = await tx
    .insertInto('extraction')
    .values({ user_id: userId, message_id: messageId, extractor, version })
    .onConflict((conflict) => conflict.doNothing())
    .returning('message_id')
    .executeTakeFirst();
  return row !== undefined;
}

/**
 * Throws conflict while the user has paused memory, or when the conversation named is incognito: then
 * only the person saves, by hand.
 */
export function assertMayRemember(
  db: Database<MemoryTables>,
  userId: string,
  conversationId: string | undefined,
): Promise<void> {
  return db.asUser({ userId }, async (tx) => {
    const why = await whyNotRemembered(tx, userId, conversationId);
    if (why !== undefined) throw new MosaicError('conflict', why);
  });
}

/** Why nothing may be extracted; undefined when it may. */
export async function whyNotRemembered(
  tx: Tx,
  userId: string,
  conversationId: string | undefined,
): Promise<string | undefined> {
  if (await isPausedIn(tx, userId)) return 'Memory is paused.';
  if (conversationId === undefined) return undefined;
  const row = await tx
    .selectFrom('conversation')
    .select('is_incognito')
    .where('user_id', '=', userId)
    .where('id', '=', conversationId)
    .executeTakeFirst();
  return row?.is_incognito === true ? 'This conversation is incognito.' : undefined;
}
