import type { StorageTier, StorageUse } from '@mosaic/proto';
import type { Database } from '@mosaic/service-kit';
import { sql, type Transaction } from 'kysely';
import type { MemoryTables } from '../tables.ts';

type Tx = Transaction<MemoryTables>;

interface TierRow {
  readonly tier: StorageTier;
  readonly conversations: number;
  readonly bytes: number;
  readonly rawBytes: number;
}

/**
 * What is stored of a user, counted over the rows themselves: a counter beside them could come to say
 * something else than what is there. Traces of deleted conversations are not counted.
 */
export function measureStorage(db: Database<MemoryTables>, userId: string): Promise<StorageUse> {
  return db.asUser({ userId }, (tx) => measureIn(tx, userId));
}

export async function measureIn(tx: Tx, userId: string): Promise<StorageUse> {
  const tiers = await readTiers(tx, userId);
  const rest = await readRest(tx, userId);
  const of = (tier: StorageTier) => {
    const row = tiers.find((one) => one.tier === tier);
    return { conversations: row?.conversations ?? 0, bytes: row?.bytes ?? 0 };
  };
  const cold = { ...of('cold'), rawBytes: tiers.find((one) => one.tier === 'cold')?.rawBytes ?? 0 };
  const { memories, search, summaries } = rest;
  const all = [of('hot'), of('warm'), cold, search, memories, summaries];
  return {
    hot: of('hot'),
    warm: of('warm'),
    cold,
    ...rest,
    conversations: tiers.reduce((sum, one) => sum + one.conversations, 0),
    bytes: all.reduce((sum, one) => sum + one.bytes, 0),
  };
}

async function readTiers(tx: Tx, userId: string): Promise<readonly TierRow[]> {
  const { rows } = await sql<TierRow>`
    with stored as (
      select conversation_id, sum(pg_column_size(payload)) as bytes, 0::bigint as raw
      from event where user_id = ${userId} group by conversation_id
      union all
      select conversation_id, sum(pg_column_size(text) + pg_column_size(search)), 0::bigint
      from message where user_id = ${userId} group by conversation_id
      union all
      select conversation_id, sum(octet_length(body)), sum(raw_bytes)
      from cold_part where user_id = ${userId} group by conversation_id
    ), sized as (
      select conversation_id, sum(bytes) as bytes, sum(raw) as raw
      from stored group by conversation_id
    )
    select c.tier, count(*)::float8 as conversations, coalesce(sum(s.bytes), 0)::float8 as bytes,
      coalesce(sum(s.raw), 0)::float8 as "rawBytes"
    from conversation c left join sized s on s.conversation_id = c.id
    where c.user_id = ${userId} and c.deleted_at is null group by c.tier`.execute(tx);
  return rows;
}

interface RestRow {
  readonly passages: number;
  readonly passageBytes: number;
  readonly vectors: number;
  readonly vectorBytes: number;
  readonly memories: number;
  readonly memoryBytes: number;
  readonly summaries: number;
  readonly summaryBytes: number;
}

async function readRest(
  tx: Tx,
  userId: string,
): Promise<Pick<StorageUse, 'search' | 'memories' | 'summaries'>> {
  const { rows } = await sql<RestRow>`
    select p.count as passages, p.bytes as "passageBytes", v.count as vectors,
      v.bytes as "vectorBytes", m.count as memories, m.bytes as "memoryBytes",
      s.count as summaries, s.bytes as "summaryBytes"
    from (
      select count(*)::float8 as count, coalesce(sum(pg_column_size(text)
        + coalesce(octet_length(meaning), 0) + octet_length(hash)), 0)::float8 as bytes
      from passage where user_id = ${userId}
    ) p, (
      select count(*)::float8 as count, coalesce(sum(octet_length(vector)), 0)::float8 as bytes
      from embedding where user_id = ${userId}
    ) v, (
      select count(*) filter (where superseded_by is null)::float8 as count,
        coalesce(sum(pg_column_size(text)), 0)::float8 as bytes
      from memory where user_id = ${userId}
    ) m, (
      select count(text)::float8 as count, coalesce(sum(octet_length(text)), 0)::float8 as bytes
      from conversation_summary where user_id = ${userId}
    ) s`.execute(tx);
  const row = rows[0];
  const found = (value: number | undefined) => value ?? 0;
  return {
    search: {
      passages: found(row?.passages),
      vectors: found(row?.vectors),
      bytes: found(row?.passageBytes) + found(row?.vectorBytes),
    },
    memories: { count: found(row?.memories), bytes: found(row?.memoryBytes) },
    summaries: { count: found(row?.summaries), bytes: found(row?.summaryBytes) },
  };
}
