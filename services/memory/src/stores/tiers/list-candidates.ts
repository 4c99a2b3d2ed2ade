import type { Database } from '@mosaic/service-kit';
import { sql } from 'kysely';
import type { TierCandidate } from '../../app/tiers/choose-moves.ts';
import type { MemoryTables } from '../tables.ts';

/** Who is looked through at once: the rest has its turn when these have moved. */
const candidatesAtOnce = 500;
/** Who was here within a day is never moved. */
const shortestIdle = '1 day';

export interface Candidates {
  readonly candidates: readonly TierCandidate[];
  /** Of all events and messages of the user that are not cold. */
  readonly rowBytes: number;
}

interface CandidateRow extends Omit<TierCandidate, 'lastUsedMs'> {
  readonly lastUsed: Date;
}

/**
 * The user's conversations that are not cold, those that were used longest ago. Pinned ones are not among
 * them: who pins something wants it at hand.
 */
export function listCandidates(db: Database<MemoryTables>, userId: string): Promise<Candidates> {
  return db.asUser({ userId }, async (tx) => {
    const candidates = await sql<CandidateRow>`
      select c.id as "conversationId", c.seq, c.tier, c.is_incognito as "isIncognito",
        greatest(c.updated_at, c.restored_at) as "lastUsed",
        (coalesce((select sum(pg_column_size(e.payload)) from event e
          where e.user_id = ${userId} and e.conversation_id = c.id), 0)
        + coalesce((select sum(pg_column_size(m.text) + pg_column_size(m.search)) from message m
          where m.user_id = ${userId} and m.conversation_id = c.id), 0))::float8 as bytes
      from (
        select * from conversation
        where user_id = ${userId} and tier <> 'cold' and deleted_at is null and not is_pinned
          and greatest(updated_at, restored_at) < now() - ${shortestIdle}::interval
        order by greatest(updated_at, restored_at), id limit ${candidatesAtOnce}
      ) c`.execute(tx);
    const all = await sql<{ bytes: number }>`
      select (
        coalesce((select sum(pg_column_size(payload)) from event where user_id = ${userId}), 0)
        + coalesce((select sum(pg_column_size(text) + pg_column_size(search)) from message
          where user_id = ${userId}), 0)
      )::float8 as bytes`.execute(tx);
    return {
      candidates: candidates.rows.map(({ lastUsed, ...row }) => ({
        ...row,
        lastUsedMs: lastUsed.getTime(),
      })),
      rowBytes: all.rows[0]?.bytes ?? 0,
    };
  });
}
