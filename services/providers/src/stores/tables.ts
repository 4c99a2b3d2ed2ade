import type { ColumnType, Generated } from 'kysely';

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
}

/** The schema `providers`, as its migrations make it. */
export interface LedgerTables {
  model_call: ModelCallTable;
}
