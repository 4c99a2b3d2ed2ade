import type { UsageQuery, UsageRow } from '@mosaic/proto';
import { type RawBuilder, sql } from 'kysely';
import type { ProvidersDatabase } from './providers-database.ts';

export interface UsageRange {
  /** Instants, ISO 8601: the first that counts, and the first that does not any more. */
  readonly since: string;
  readonly before: string;
  readonly by: UsageQuery['by'];
}

/** True for a call of which nobody knows what it cost: it reached a vendor, and not all is in the ledger. */
export const isUnknown = sql.raw('cost_usd is null and outcome is not null and attempts > unseen');

const keys: Readonly<Record<UsageQuery['by'], RawBuilder<string | null>>> = {
  day: sql`to_char(started_at at time zone 'UTC', 'YYYY-MM-DD')`,
  model: sql`provider || '/' || model`,
  agent: sql`agent`,
  provider: sql`provider`,
};

const billColumns = sql.raw(
  `user_id, started_at, agent, provider, model, is_simulated, is_estimated, cost_usd, input_tokens,
  cache_read_tokens, cache_write_5m_tokens, cache_write_1h_tokens, output_tokens, reasoning_tokens`,
);

/** Calls, and beside them what failed unseen: that costs, but is no call. */
const lines = sql`
  select ${billColumns}, 1 as calls, outcome <> 'answered' as is_unanswered,
    outcome is null as is_open, greatest(attempts - 1, 0) as retries, ${isUnknown} as is_unknown
  from model_call
  union all
  select ${billColumns}, 0, false, false, 0, cost_usd is null
  from unseen_request`;

interface Sums {
  readonly key: string | null;
  readonly is_simulated: boolean;
  readonly calls: number;
  readonly unanswered: number;
  readonly open: number;
  readonly retries: number;
  readonly estimated: number;
  readonly unknown_cost: number;
  readonly input: number;
  readonly cache_read: number;
  readonly cache_write_5m: number;
  readonly cache_write_1h: number;
  readonly output: number;
  readonly reasoning: number;
  /** As text: PostgreSQL knows more digits than a number has. */
  readonly cost: string | null;
}

/** The user's calls of a time, put together; real and simulated ones in rows of their own. */
export async function readUsage(
  db: ProvidersDatabase,
  userId: string,
  range: UsageRange,
): Promise<readonly UsageRow[]> {
  const { rows } = await db.asUser({ userId }, (tx) => selectSums(userId, range).execute(tx));
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

/** Tokens fit a number long before they fit a bill; `sum` alone would make text of them. */
function selectSums(userId: string, { before, by, since }: UsageRange): RawBuilder<Sums> {
  return sql<Sums>`
    select ${keys[by]} as key, is_simulated,
      sum(calls)::bigint as calls,
      count(*) filter (where is_unanswered) as unanswered,
      count(*) filter (where is_open) as open,
      sum(retries)::bigint as retries,
      count(*) filter (where is_estimated) as estimated,
      count(*) filter (where is_unknown) as unknown_cost,
      coalesce(sum(input_tokens), 0)::bigint as input,
      coalesce(sum(cache_read_tokens), 0)::bigint as cache_read,
      coalesce(sum(cache_write_5m_tokens), 0)::bigint as cache_write_5m,
      coalesce(sum(cache_write_1h_tokens), 0)::bigint as cache_write_1h,
      coalesce(sum(output_tokens), 0)::bigint as output,
      coalesce(sum(reasoning_tokens), 0)::bigint as reasoning,
      sum(cost_usd) as cost
    from (${lines}) as line
    where user_id = ${userId} and started_at >= ${new Date(since)} and started_at < ${new Date(before)}
    group by 1, 2
    order by 1, 2`;
}
