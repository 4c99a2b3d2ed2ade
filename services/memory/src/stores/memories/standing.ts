import { type Preference, pausedKey } from '@mosaic/proto';
import { sql, type Transaction } from 'kysely';
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
  const rows = await tx
    .selectFrom('memory')
    .select(['id', 'kind', 'text'])
    .where('user_id', '=', userId)
    .where('kind', 'in', ['preference', 'instruction'])
    .where('superseded_by', 'is', null)
    .where(sql<boolean>`coalesce(valid_from <= now(), true) and coalesce(valid_to > now(), true)`)
    .orderBy('kind', 'asc')
    .orderBy('updated_at', 'desc')
    .limit(mostStanding)
    .execute();
  return standingBlock(rows);
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
  const row = await tx
    .selectFrom('preference')
    .select('value')
    .where('user_id', 'in', ['', userId])
    .where('key', '=', key)
    .orderBy('is_fixed', 'desc')
    .orderBy('user_id', 'desc')
    .executeTakeFirst();
  return row?.value;
}
