import {
  type Memory,
  type MemoryKind,
  MosaicError,
  makeId,
  type StorageLimits,
} from '@mosaic/proto';
import type { Database } from '@mosaic/service-kit';
import { type Insertable, type Selectable, sql, type Transaction } from 'kysely';
import { fingerprintOf } from '../../app/memories/fingerprint.ts';
import type { MemoryDraft } from '../../app/memories/memory-draft.ts';
import type { PageCursor } from '../../app/page-cursor.ts';
import { storableText } from '../../app/storable-text.ts';
import { dropPassages } from '../passages/write-passages.ts';
import type { MemoryTables } from '../tables.ts';
import { fullKind, storageFull } from '../tiers/assert-room.ts';
import { endMemoryPassages, lockPassages, writeMemoryPassages } from './memory-passages.ts';

type Tx = Transaction<MemoryTables>;
type Row = Selectable<MemoryTables['memory']>;

export interface Saved {
  readonly memory: Memory;
  /** False: the same was there already. */
  readonly isNew: boolean;
}

export interface MemoryQuery {
  readonly limit: number;
  readonly after: PageCursor | null;
  readonly kind: MemoryKind | undefined;
  readonly withSuperseded: boolean;
}

/** Corrections of a memory; what is left out stays. */
export interface MemoryChanges {
  readonly text?: string | undefined;
  readonly kind?: MemoryKind | undefined;
  readonly validFrom?: string | null | undefined;
  readonly validTo?: string | null | undefined;
}

/** As `saveMemoryIn`; throws storage_full, and saves nothing, when it would be one too many. */
export function saveMemory(
  db: Database<MemoryTables>,
  userId: string,
  { draft, limits }: { readonly draft: MemoryDraft; readonly limits: StorageLimits },
): Promise<Saved> {
  return db.asUser({ userId }, async (tx) => {
    const full = await fullKind(tx, userId, { addition: 'memory', limits });
    const saved = await saveMemoryIn(tx, userId, draft);
    // What replaces another, or is known, takes no more room than there was.
    const isMore = saved.isNew && draft.supersedes === null;
    if (isMore && full !== undefined) throw storageFull(full, limits);
    return saved;
  });
}

/**
 * Remembers, unless the same is remembered and holds. What the draft supersedes ends now and stays;
 * throws not_found when that is not the user's. Two savings of the same at once make one memory.
 */
export async function saveMemoryIn(tx: Tx, userId: string, draft: MemoryDraft): Promise<Saved> {
  await lockPassages(tx, userId);
  const fingerprint = fingerprintOf(draft.text);
  const id = makeId();
  const same = await findCurrent(tx, userId, fingerprint);
  const hasEnded = same?.valid_to !== undefined && same.valid_to !== null && isPast(same.valid_to);
  if (same !== undefined && !hasEnded) return { memory: toMemory(same), isNew: false };
  if (same !== undefined) await supersede(tx, userId, { id: same.id, by: id });
  if (draft.supersedes !== null && draft.supersedes !== same?.id) {
    const isThere = await supersede(tx, userId, { id: draft.supersedes, by: id });
    if (!isThere) throw new MosaicError('not_found', 'There is no such memory to supersede.');
  }
  const row = await tx
    .insertInto('memory')
    .values(toRow(userId, { id, fingerprint, draft }))
    .onConflict((conflict) => conflict.doNothing())
    .returningAll()
    .executeTakeFirst();
  if (row !== undefined) {
    await writeMemoryPassages(tx, row);
    return { memory: toMemory(row), isNew: true };
  }
  const byOther = await findCurrent(tx, userId, fingerprint);
  if (byOther === undefined) throw new MosaicError('conflict');
  return { memory: toMemory(byOther), isNew: false };
}

const isPast = (instant: Date) => instant.getTime() <= Date.now();

function findCurrent(tx: Tx, userId: string, fingerprint: string): Promise<Row | undefined> {
  return tx
    .selectFrom('memory')
    .selectAll()
    .where('user_id', '=', userId)
    .where('fingerprint', '=', fingerprint)
    .where('superseded_by', 'is', null)
    .executeTakeFirst();
}

async function supersede(
  tx: Tx,
  userId: string,
  { by, id }: { readonly id: string; readonly by: string },
): Promise<boolean> {
  const result = await tx
    .updateTable('memory')
    .set({ superseded_by: by, valid_to: sql`least(valid_to, now())`, updated_at: sql`now()` })
    .where('user_id', '=', userId)
    .where('id', '=', id)
    .where('superseded_by', 'is', null)
    .executeTakeFirst();
  await endMemoryPassages(tx, userId, id);
  return result.numUpdatedRows > 0n;
}

/** The user's memories, newest first; one more than `limit` when there is a next page. */
export async function listMemories(
  db: Database<MemoryTables>,
  userId: string,
  { after, kind, limit, withSuperseded }: MemoryQuery,
): Promise<readonly Memory[]> {
  const rows = await db.asUser({ userId }, (tx) => {
    let query = tx.selectFrom('memory').selectAll().where('user_id', '=', userId);
    if (kind !== undefined) query = query.where('kind', '=', kind);
    if (!withSuperseded) query = query.where('superseded_by', 'is', null);
    if (after !== null) {
      const { id, updatedAt } = after;
      query = query.where(sql<boolean>`(created_at, id) < (${updatedAt}::timestamptz, ${id})`);
    }
    return query
      .orderBy('created_at', 'desc')
      .orderBy('id', 'desc')
      .limit(limit + 1)
      .execute();
  });
  return rows.map(toMemory);
}

/** One memory of the user, superseded or not. */
export async function findMemory(
  db: Database<MemoryTables>,
  userId: string,
  id: string,
): Promise<Memory | undefined> {
  const row = await db.asUser({ userId }, (tx) => findRow(tx, userId, id));
  return row === undefined ? undefined : toMemory(row);
}

function findRow(tx: Tx, userId: string, id: string): Promise<Row | undefined> {
  return tx
    .selectFrom('memory')
    .selectAll()
    .where('user_id', '=', userId)
    .where('id', '=', id)
    .executeTakeFirst();
}

/**
 * Corrects a memory: its id stays with what holds now, and how it was goes into a row of its own that is
 * superseded by it. Throws not_found, and conflict when it is history or says what another says already.
 */
export function changeMemory(
  db: Database<MemoryTables>,
  userId: string,
  { changes, id }: { readonly id: string; readonly changes: MemoryChanges },
): Promise<Memory> {
  return db.asUser({ userId }, async (tx) => {
    await lockPassages(tx, userId);
    const row = await findRow(tx, userId, id);
    if (row === undefined) throw new MosaicError('not_found', 'There is no such memory.');
    if (row.superseded_by !== null) {
      throw new MosaicError('conflict', 'This memory was superseded: what was is not changed.');
    }
    const text = storableText(changes.text ?? row.text);
    const fingerprint = fingerprintOf(text);
    const same = await findCurrent(tx, userId, fingerprint);
    if (same !== undefined && same.id !== id) {
      const details = { id: same.id };
      throw new MosaicError('conflict', 'Another memory says the same already.', { details });
    }
    await keepHistory(tx, row);
    const {
      kind = row.kind,
      validFrom = iso(row.valid_from),
      validTo = iso(row.valid_to),
    } = changes;
    const changed = await tx
      .updateTable('memory')
      .set({ text, fingerprint, kind, valid_from: validFrom, valid_to: validTo })
      // A person's own words are certain, whoever had found what they correct.
      .set({ extractor: 'person', extractor_version: null, confidence: 1, updated_at: sql`now()` })
      .where('user_id', '=', userId)
      .where('id', '=', id)
      .returningAll()
      .executeTakeFirstOrThrow();
    await dropPassages(tx, userId, { source: 'memory', sourceIds: [id] });
    await writeMemoryPassages(tx, changed);
    return toMemory(changed);
  });
}

async function keepHistory(tx: Tx, row: Row): Promise<void> {
  const { created_at, id, updated_at: _updated, valid_from, valid_to, ...rest } = row;
  const history = {
    ...rest,
    id: makeId(),
    superseded_by: id,
    valid_from: iso(valid_from),
    valid_to: sql<string>`least(${iso(valid_to)}::timestamptz, now())`,
    created_at: created_at.toISOString(),
  };
  const kept = await tx
    .insertInto('memory')
    .values(history)
    .returningAll()
    .executeTakeFirstOrThrow();
  await writeMemoryPassages(tx, kept);
  await endMemoryPassages(tx, row.user_id, kept.id);
}

/** Removes a memory and everything that it superseded, for good; answers how many rows that were. */
export async function removeMemory(
  db: Database<MemoryTables>,
  userId: string,
  id: string,
): Promise<number> {
  const removal = sql<{ id: string }>`
    with recursive gone as (
      select id from memory where user_id = ${userId} and id = ${id}
      union
      select m.id from memory m join gone on m.superseded_by = gone.id where m.user_id = ${userId}
    )
    delete from memory where user_id = ${userId} and id in (select id from gone) returning id`;
  return db.asUser({ userId }, async (tx) => {
    await lockPassages(tx, userId);
    const { rows } = await removal.execute(tx);
    const sourceIds = rows.map((row) => row.id);
    await dropPassages(tx, userId, { source: 'memory', sourceIds });
    return rows.length;
  });
}

export async function removeAllMemories(
  db: Database<MemoryTables>,
  userId: string,
): Promise<number> {
  return db.asUser({ userId }, async (tx) => {
    await dropPassages(tx, userId, { source: 'memory' });
    const gone = tx.deleteFrom('memory').where('user_id', '=', userId);
    return Number((await gone.executeTakeFirst()).numDeletedRows);
  });
}

function toRow(
  userId: string,
  { draft, fingerprint, id }: { readonly id: string; fingerprint: string; draft: MemoryDraft },
): Insertable<MemoryTables['memory']> {
  return {
    user_id: userId,
    id,
    kind: draft.kind,
    text: storableText(draft.text),
    fingerprint,
    conversation_id: draft.source?.conversationId ?? null,
    message_ids: [...(draft.source?.messageIds ?? [])],
    valid_from: draft.validFrom,
    valid_to: draft.validTo,
    confidence: draft.confidence,
    extractor: draft.extractor,
    extractor_version: draft.extractorVersion,
  };
}

const iso = (instant: Date | null) => instant?.toISOString() ?? null;

function toMemory(row: Row): Memory {
  const { conversation_id: conversationId, message_ids: messageIds } = row;
  return {
    id: row.id,
    kind: row.kind,
    text: row.text,
    source: conversationId === null ? null : { conversationId, messageIds },
    validFrom: iso(row.valid_from),
    validTo: iso(row.valid_to),
    confidence: row.confidence,
    extractor: row.extractor,
    extractorVersion: row.extractor_version,
    supersededBy: row.superseded_by,
    createdAt: row.created_at.toISOString(),
    updatedAt: row.updated_at.toISOString(),
  };
}
