import { createHash } from 'node:crypto';
import { readWordVectors } from '@mosaic/word-vectors';
import { type RawBuilder, sql, type Transaction } from 'kysely';
import { makePieces } from '../../app/recall/make-pieces.ts';
import { storableText } from '../../app/storable-text.ts';
import type { MemoryTables } from '../tables.ts';

type Tx = Transaction<MemoryTables>;

/** A text that search shall find, whole: it is cut here. */
export interface PassageText {
  readonly source: 'message' | 'memory';
  /** Id of the message or the memory. */
  readonly sourceId: string;
  /** Where it was said; null when it was saved outside of a conversation. */
  readonly conversationId: string | null;
  /** Its place there: the number of the event; 0 outside of a conversation. */
  readonly position: number;
  readonly role: 'user' | 'assistant';
  /** Who said it, where user and assistant don't say it all. */
  readonly speaker: string | null;
  readonly saidAt: string;
  readonly text: string;
}

/** Which passages of a user; left out means any. */
export interface PassageSources {
  readonly source: 'message' | 'memory';
  readonly sourceIds?: readonly string[];
  readonly conversationId?: string;
}

/**
 * Makes texts findable, in the transaction that writes what they come from: visible with it, gone with
 * it. More text of the same source goes behind what it has; to replace a text, drop it first.
 */
export async function writePassages(
  tx: Tx,
  userId: string,
  texts: readonly PassageText[],
): Promise<void> {
  const parts = passageParts(userId, texts);
  if (parts.length > 0) await sql`with ${sql.join(parts)} select 1`.execute(tx);
}

/** The same as parts of a larger statement: each an `insert` with a name for its `with`. */
export function passageParts(
  userId: string,
  texts: readonly PassageText[],
): readonly RawBuilder<unknown>[] {
  const rows = texts.flatMap(toRows);
  if (rows.length === 0) return [];
  return [
    sql`passage_counter as (
      insert into passage_state as state (user_id, version) values (${userId}, ${rows.length})
      on conflict (user_id) do update set version = state.version + ${rows.length}
      returning state.version - ${rows.length} as before
    )`,
    sql`passage_rows as (
      insert into passage (user_id, version, source, source_id, conversation_id, position, chunk,
        role, speaker, said_at, language, text, hash, meaning)
      select ${userId}, passage_counter.before + row.ordinal, row.source, row.source_id,
        row.conversation_id, row.position,
        row.chunk + coalesce((
          select max(known.chunk) + 1 from passage known
          where known.user_id = ${userId} and known.source = row.source
            and known.source_id = row.source_id
            and known.conversation_id is not distinct from row.conversation_id
        ), 0),
        row.role, row.speaker, row.said_at, row.language, row.text,
        decode(row.hash, 'base64'), decode(row.meaning, 'base64')
      from passage_counter, jsonb_to_recordset(${JSON.stringify(rows.map(numbered))}::jsonb) as row (
        ordinal integer, source text, source_id text, conversation_id text, position integer,
        chunk integer, role text, speaker text, said_at timestamptz, language text, text text,
        hash text, meaning text
      )
    )`,
  ];
}

/** Removes passages; answers how many. */
export async function dropPassages(
  tx: Tx,
  userId: string,
  { source, sourceIds, conversationId }: PassageSources,
): Promise<number> {
  await lockState(tx, userId);
  let query = tx.deleteFrom('passage').where('user_id', '=', userId).where('source', '=', source);
  if (sourceIds !== undefined) query = query.where('source_id', 'in', [...sourceIds]);
  if (conversationId !== undefined) query = query.where('conversation_id', '=', conversationId);
  if (sourceIds?.length === 0) return 0;
  return Number((await query.executeTakeFirst()).numDeletedRows);
}

/** Says since when something newer stands in the place of memories; null takes it back. */
export async function markSuperseded(
  tx: Tx,
  userId: string,
  { sourceIds, at }: { readonly sourceIds: readonly string[]; readonly at: string | null },
): Promise<void> {
  await lockState(tx, userId);
  // A new version each, so that every index reads them again.
  await sql`
    with changed as (
      select version, row_number() over (order by version) as ordinal from passage
      where user_id = ${userId} and source = 'memory' and source_id = any(${sourceIds}::text[])
    ), counter as (
      update passage_state set version = version + (select count(*) from changed)
      where user_id = ${userId}
      returning version - (select count(*) from changed) as before
    )
    update passage set superseded_at = ${at}::timestamptz, version = counter.before + changed.ordinal
    from changed, counter
    where passage.user_id = ${userId} and passage.version = changed.version`.execute(tx);
}

/** Always before the passages, so that two transactions can't wait for each other. */
async function lockState(tx: Tx, userId: string): Promise<void> {
  await tx
    .selectFrom('passage_state')
    .select('version')
    .where('user_id', '=', userId)
    .forUpdate()
    .execute();
}

function toRows(given: PassageText) {
  return makePieces(storableText(given.text), readWordVectors()).map((piece) => ({
    source: given.source,
    source_id: given.sourceId,
    conversation_id: given.conversationId,
    position: given.position,
    chunk: piece.chunk,
    role: given.role,
    speaker: given.speaker === null ? null : storableText(given.speaker),
    said_at: given.saidAt,
    language: piece.language,
    text: piece.text,
    hash: hashOf(piece.text),
    meaning: encoded(piece.meaning),
  }));
}

function numbered<Row extends object>(row: Row, index: number): Row & { readonly ordinal: number } {
  return { ...row, ordinal: index + 1 };
}

function encoded(vector: Int8Array | null): string | null {
  return vector === null ? null : Buffer.from(vector.buffer).toString('base64');
}

function hashOf(text: string): string {
  return createHash('sha256').update(text).digest().subarray(0, 16).toString('base64');
}
