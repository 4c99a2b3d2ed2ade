import type { ColumnType, Generated } from 'kysely';
import type { CatalogueTables } from './catalogue-tables.ts';
import type { CredentialTables } from './credential-tables.ts';

/** Written as ISO 8601, read as a Date. */
type Instant = ColumnType<Date, string, string>;

interface ModelCallTable {
  user_id: string;
  id: string;
  started_at: Instant;
  conversation_id: string | null;
  agent: string | null;
  purpose: string;
  provider: string;
  model: string;
  is_simulated: boolean;
  outcome: string | null;
  stop: string | null;
  error_code: string | null;
  input_tokens: number | null;
  cache_read_tokens: number | null;
  cache_write_5m_tokens: number | null;
  cache_write_1h_tokens: number | null;
  output_tokens: number | null;
  reasoning_tokens: number | null;
  is_estimated: boolean | null;
  /** Read as text: PostgreSQL knows more digits than a number has. */
  cost_usd: ColumnType<string | null, number | null, number | null>;
  cost_source: string | null;
  first_token_ms: number | null;
  total_ms: number | null;
  attempts: Generated<number>;
  /** Written as JSON text. */
  skipped: ColumnType<unknown, string | undefined, string>;
  unseen: Generated<number>;
}

interface UnseenRequestTable
  extends Pick<
    ModelCallTable,
    | 'user_id'
    | 'started_at'
    | 'agent'
    | 'provider'
    | 'model'
    | 'is_simulated'
    | 'input_tokens'
    | 'cache_read_tokens'
    | 'cache_write_5m_tokens'
    | 'cache_write_1h_tokens'
    | 'output_tokens'
    | 'reasoning_tokens'
    | 'is_estimated'
    | 'cost_usd'
    | 'cost_source'
  > {
  call_id: string;
  position: number;
  error_code: string;
}

interface ReservationTable {
  user_id: string;
  call_id: string;
  started_at: Instant;
  /** Read as text, as `cost_usd` is. */
  usd: ColumnType<string, number, number>;
  expires_at: ColumnType<Date, unknown, unknown>;
}

/** Numerics, because only they know infinity (= no limit). Null = as for everybody. */
type Limit = ColumnType<string | null, number | null, number | null>;

interface UserLimitsTable {
  user_id: string;
  budget_usd_per_day: Limit;
  requests_per_minute: Limit;
  tokens_per_minute: Limit;
  changed_by: string;
  changed_at: Generated<Date>;
}

/** The schema `providers`, as its migrations make it. */
export interface ProvidersTables extends CatalogueTables, CredentialTables {
  model_call: ModelCallTable;
  unseen_request: UnseenRequestTable;
  reservation: ReservationTable;
  user_limits: UserLimitsTable;
}
