import { type Preference, pausedKey } from '@mosaic/proto';
import type { Database } from '@mosaic/service-kit';
import { sql, type Transaction } from 'kysely';
import type { ConversationKey } from '../../app/follow-conversation.ts';
import {
  mostStanding,
  type StandingMemory,
  standingBlock,
} from '../../app/memories/standing-block.ts';
import type { MemoryTables } from '../tables.ts';

/**
 * The preferences and standing instructions that hold now, instructions first, the newest of each first,
 * as many as the block takes. None while the person has paused memory.
 */
export async function readStanding(
  tx: Transaction<MemoryTables>,
  userId: string,
): Promise<readonly StandingMemory[]> {
  if (await isPausedIn(tx, userId)) return [];
  const rows = await standingRows(tx, userId).execute();
  return standingBlock(rows.map(({ id, kind, text }) => ({ id, kind, text })));
}

/** What a turn asks of its own conversation and of its person when it has its history itself. */
export interface Briefing {
  /** Null when it was deleted, undefined when there are no rows of it. */
  readonly conversation: { readonly seq: number; readonly isIncognito: boolean } | null | undefined;
  /** Preferences and standing instructions; none in an incognito conversation or while paused. */
  readonly standing: readonly StandingMemory[];
}

interface BriefingRow {
  readonly seq: number | null;
  readonly is_incognito: boolean | null;
  readonly is_deleted: boolean;
  readonly standing: readonly StandingMemory[] | null;
}

/**
 * `readStanding` together with where a conversation stands, in one statement: a turn waits for it before
 * its first word, and each statement takes its turn among everybody's on the embedded database.
 */
export async function readBriefing(
  db: Database<MemoryTables>,
  { conversationId, userId }: ConversationKey,
): Promise<Briefing> {
  const { rows } = await db.asUser({ userId }, (tx) =>
    sql<BriefingRow>`
      select talk.seq, talk.is_incognito, talk.deleted_at is not null as is_deleted, (
        select jsonb_agg(jsonb_build_object('id', id, 'kind', kind, 'text', text)
            order by kind, updated_at desc)
        from ${standingRows(tx, userId)} as held
        where talk.is_incognito is not true and ${ownSetting(tx, userId, pausedKey)} is distinct from 'true'
      ) as standing
      from (select 1) as one
      left join conversation talk on talk.user_id = ${userId} and talk.id = ${conversationId}`.execute(
      tx,
    ),
  );
  const [row] = rows;
  const standing = standingBlock(row?.standing ?? []);
  if (row === undefined || row.seq === null) return { conversation: undefined, standing };
  if (row.is_deleted) return { conversation: null, standing: [] };
  return { conversation: { seq: row.seq, isIncognito: row.is_incognito === true }, standing };
}

function standingRows(tx: Transaction<MemoryTables>, userId: string) {
  return tx
    .selectFrom('memory')
    .select(['id', 'kind', 'text', 'updated_at'])
    .where('user_id', '=', userId)
    .where('kind', 'in', ['preference', 'instruction'])
    .where('superseded_by', 'is', null)
    .where(sql<boolean>`coalesce(valid_from <= now(), true) and coalesce(valid_to > now(), true)`)
    .orderBy('kind', 'asc')
    .orderBy('updated_at', 'desc')
    .limit(mostStanding);
}

/** Whether memory is paused for the user: by what the installation fixes, else by own choice. */
export async function isPausedIn(tx: Transaction<MemoryTables>, userId: string): Promise<boolean> {
  return (await readOwnSetting(tx, userId, pausedKey)) === true;
}

/** A setting as it holds for the user; undefined where neither they nor the installation have it. */
export async function readOwnSetting(
  tx: Transaction<MemoryTables>,
  userId: string,
  key: string,
): Promise<Preference['value'] | undefined> {
  const row = await ownSetting(tx, userId, key).executeTakeFirst();
  return row?.value;
}

function ownSetting(tx: Transaction<MemoryTables>, userId: string, key: string) {
  return tx
    .selectFrom('preference')
    .select('value')
    .where('user_id', 'in', ['', userId])
    .where('key', '=', key)
    .orderBy('is_fixed', 'desc')
    .orderBy('user_id', 'desc')
    .limit(1);
}
