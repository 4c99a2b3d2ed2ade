import type { ColumnType, Generated } from 'kysely';

/** Set by the database or as ISO 8601, read as a Date. */
type Instant = ColumnType<Date, string | undefined, string>;
/** Written as JSON text. */
type Json = ColumnType<unknown, string, string>;

interface AgentTable {
  scope: 'system' | 'user';
  /** Empty for an agent of the system. */
  user_id: string;
  name: string;
  content: Json;
  version: Generated<number>;
  updated_at: Instant;
}

/** The schema `agents`, as its migrations make it. */
export interface AgentTables {
  agent: AgentTable;
}
