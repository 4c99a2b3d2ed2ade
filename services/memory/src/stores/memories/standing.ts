import { pausedKey } from '@mosaic/proto';
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
  const { rows } = await sql<{ is_paused: boolean }>`
    select coalesce((
      select value = 'true'::jsonb from preference
      where user_id in ('', ${userId}) and key = ${pausedKey}
      order by is_fixed desc, user_id desc
      limit 1
    ), false) as is_paused`.execute(tx);
  return rows[0]?.is_paused ?? false;
}
