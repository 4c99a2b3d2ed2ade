import { extractionKey, type FoundMemory, MosaicError, type StorageLimits } from '@mosaic/proto';
import type { Database } from '@mosaic/service-kit';
import type { Transaction } from 'kysely';
import { findReplaced, isPersonal, keepFound } from '../../app/extraction/judge-found.ts';
import type { ConversationKey } from '../../app/follow-conversation.ts';
import { saveMemoryIn } from '../memories/memories.ts';
import { readOwnSetting } from '../memories/standing.ts';
import type { MemoryTables } from '../tables.ts';
import { fullKind, storageFull } from '../tiers/assert-room.ts';
import { noteReading, whyNotRemembered } from './by-rules.ts';

type Tx = Transaction<MemoryTables>;

/** About 1,500 and 500 tokens: what a person says of themself is short. */
const maxQuestionChars = 6_000;
const maxAnswerChars = 2_000;
/** Memories that are compared with what is no longer so. */
const mostCompared = 1_000;

/** Why most questions are not read. */
export const nothingPersonal = 'It says nothing of the person.';

export interface TurnToRead {
  readonly messageId: string;
  readonly run: string;
}

export type Prepared =
  | { readonly isWanted: false; readonly why: string }
  | { readonly isWanted: true; readonly question: string; readonly answer: string };

/** What a model may see of a turn: what was asked and what was shown, from the rows of messages. */
export function prepareExtraction(
  db: Database<MemoryTables>,
  key: ConversationKey,
  { limits, turn }: { readonly turn: TurnToRead; readonly limits: StorageLimits },
): Promise<Prepared> {
  return db.asUser(key, async (tx): Promise<Prepared> => {
    const why = await whyNotRead(tx, key, turn.messageId);
    if (why !== undefined) return { isWanted: false, why };
    const full = await fullKind(tx, key.userId, { addition: 'memory', limits });
    if (full !== undefined) return { isWanted: false, why: storageFull(full, limits).message };
    const question = await readText(tx, key, turn.messageId);
    if (question === undefined) return { isWanted: false, why: 'The question is gone.' };
    if (!isPersonal(question)) return { isWanted: false, why: nothingPersonal };
    const answer = (await readText(tx, key, turn.run)) ?? '';
    return {
      isWanted: true,
      question: question.slice(0, maxQuestionChars),
      answer: answer.slice(0, maxAnswerChars),
    };
  });
}

async function whyNotRead(
  tx: Tx,
  key: ConversationKey,
  messageId: string,
): Promise<string | undefined> {
  const why = await whyNotRemembered(tx, key.userId, key.conversationId);
  if (why !== undefined) return why;
  if ((await readOwnSetting(tx, key.userId, extractionKey)) === 'rules') {
    return 'Only rules extract here.';
  }
  const before = await tx
    .selectFrom('extraction')
    .select('version')
    .where('user_id', '=', key.userId)
    .where('message_id', '=', messageId)
    .where('extractor', '=', 'model')
    .executeTakeFirst();
  return before === undefined ? undefined : 'It was read before.';
}

async function readText(tx: Tx, key: ConversationKey, id: string): Promise<string | undefined> {
  const row = await tx
    .selectFrom('message')
    .select('text')
    .where('user_id', '=', key.userId)
    .where('conversation_id', '=', key.conversationId)
    .where('id', '=', id)
    .executeTakeFirst();
  return row?.text;
}

export interface Extraction {
  readonly messageId: string;
  readonly version: string;
  readonly found: readonly FoundMemory[];
}

/**
 * Remembers what a model found, all or nothing and once. It adds alone: what it says is no longer so is
 * looked for among the person's memories here, and superseded. Throws not_found without the question.
 */
export function applyExtraction(
  db: Database<MemoryTables>,
  key: ConversationKey,
  { found, messageId, version }: Extraction,
): Promise<{ saved: number; dropped: number; isRepeated: boolean }> {
  return db.asUser(key, async (tx) => {
    const question = await readText(tx, key, messageId);
    if (question === undefined) throw new MosaicError('not_found', 'The question is gone.');
    const reading = { messageId, extractor: 'model', version } as const;
    if (!(await noteReading(tx, key.userId, reading))) {
      return { saved: 0, dropped: 0, isRepeated: true };
    }
    // Paused or incognito since the model was asked.
    const why = await whyNotRemembered(tx, key.userId, key.conversationId);
    const kept = why === undefined ? keepFound(question, found) : [];
    let saved = 0;
    for (const one of kept) {
      const { isNew } = await saveFound(tx, key, { ...reading, one });
      if (isNew) saved += 1;
    }
    return { saved, dropped: found.length - saved, isRepeated: false };
  });
}

async function saveFound(
  tx: Tx,
  key: ConversationKey,
  { messageId, one, version }: Omit<Extraction, 'found'> & { readonly one: FoundMemory },
) {
  const { confidence, kind, replaces, text, validFrom } = one;
  const supersedes = replaces === null ? null : await findSuperseded(tx, key.userId, replaces);
  return saveMemoryIn(tx, key.userId, {
    kind,
    text,
    confidence,
    validFrom,
    validTo: null,
    source: { conversationId: key.conversationId, messageIds: [messageId] },
    extractor: 'model',
    extractorVersion: version,
    supersedes,
  });
}

async function findSuperseded(tx: Tx, userId: string, replaces: string): Promise<string | null> {
  const known = await tx
    .selectFrom('memory')
    .select(['id', 'text'])
    .where('user_id', '=', userId)
    .where('superseded_by', 'is', null)
    .orderBy('created_at', 'desc')
    .limit(mostCompared)
    .execute();
  return findReplaced(replaces, known)?.id ?? null;
}
