import type { UsageQuery, UsageRow } from '@mosaic/proto';
import type { Database } from '@mosaic/service-kit';
import { type RawBuilder, sql } from 'kysely';
import type { LedgerTables } from './tables.ts';

export interface UsageRange {
  /** Instants, ISO 8601: the first that counts, and the first that does not any more. */
  readonly since: string;
  readonly before: string;
  readonly by: UsageQuery['by'];
}

const keys: Readonly<Record<UsageQuery['by'], RawBuilder<string | null>>> = {
  day: sql`to_char(started_at at time zone 'UTC', 'YYYY-MM-DD')`,
  model: sql`provider || '/' || model`,
  agent: sql`agent`,
  provider: sql`provider`,
};

/** Tokens fit a number long before they fit a bill; `sum` alone would make text of them. */
const sumOf = (column: string) => sql<number>`coalesce(sum(${sql.ref(column)}), 0)::bigint`;
const countWhere = (condition: string) =>
  sql<number>`count(*) filter (where ${sql.raw(condition)})`;

/** The user's calls of a time, put together; real and simulated ones in rows of their own. */
export async function readUsage(
  db: Database<LedgerTables>,
  userId: string,
  range: UsageRange,
): Promise<readonly UsageRow[]> {
  const rows = await db.asUser({ userId }, (tx) =>
    tx
      .selectFrom('model_call')
      .where('user_id', '=', userId)
      .where('started_at', '>=', new Date(range.since))
      .where('started_at', '<', new Date(range.before))
      .select([
        keys[range.by].as('key'),
        'is_simulated',
        sql<number>`count(*)`.as('calls'),
        countWhere(`outcome <> 'answered'`).as('unanswered'),
        countWhere('outcome is null').as('open'),
        sql<number>`coalesce(sum(greatest(attempts - 1, 0)), 0)::bigint`.as('retries'),
        countWhere('is_estimated').as('estimated'),
        countWhere('cost_usd is null and outcome is not null and attempts > 0').as('unknown_cost'),
        sumOf('input_tokens').as('input'),
        sumOf('cache_read_tokens').as('cache_read'),
        sumOf('cache_write_5m_tokens').as('cache_write_5m'),
        sumOf('cache_write_1h_tokens').as('cache_write_1h'),
        sumOf('output_tokens').as('output'),
        sumOf('reasoning_tokens').as('reasoning'),
        sql<string | null>`sum(cost_usd)`.as('cost'),
      ])
      .groupBy([keys[range.by], 'is_simulated'])
      .orderBy('key')
      .orderBy('is_simulated')
      .execute(),
  );
  return rows.map((row) => ({
    key: row.key,
    isSimulated: row.is_simulated,
    calls: row.calls,
    unansweredCalls: row.unanswered,
    openCalls: row.open,
    retries: row.retries,
    estimatedCalls: row.estimated,
    tokens: {
      inputTokens: row.input,
      cacheReadTokens: row.cache_read,
      cacheWrite5mTokens: row.cache_write_5m,
      cacheWrite1hTokens: row.cache_write_1h,
      outputTokens: row.output,
      reasoningTokens: row.reasoning,
    },
    costUsd: row.cost === null ? null : Number(row.cost),
    unknownCostCalls: row.unknown_cost,
  }));
}
