import type { Exemplar, Feedback, RoutingRule } from '@mosaic/proto';
import type { ColumnType, Generated } from 'kysely';

/** Set by the database or as ISO 8601, read as a Date. */
type Instant = ColumnType<Date, string | undefined, string>;
/** Written as JSON text. */
type Json<Value> = ColumnType<Value, string, string>;

interface RuleTable {
  id: string;
  scope: RoutingRule['scope'];
  user_id: string | null;
  name: string;
  description: string;
  priority: number;
  enabled: boolean;
  conditions: Json<unknown>;
  target: Json<unknown>;
  version: Generated<number>;
  updated_at: Instant;
  updated_by: string;
}

interface TierTable {
  name: string;
  models: Json<string[]>;
  version: Generated<number>;
  updated_at: Instant;
  updated_by: string;
}

interface RuleChangeTable {
  id: Generated<number>;
  subject: string;
  user_id: string | null;
  at: Instant;
  by: string;
  action: 'created' | 'updated' | 'deleted' | 'reordered';
  before: ColumnType<Record<string, unknown> | null, string | null, never>;
  after: ColumnType<Record<string, unknown> | null, string | null, never>;
}

interface FeedbackTable {
  id: string;
  user_id: string;
  at: Instant;
  conversation_id: string;
  message_id: string;
  kind: Feedback['kind'];
  task: string | null;
  model: string | null;
  words: string;
  was: Json<unknown>;
}

interface ExemplarTable {
  id: string;
  scope: Exemplar['scope'];
  user_id: string | null;
  words: string;
  task: string;
  created_at: Instant;
  created_by: string;
}

interface SuggestionAnswerTable {
  user_id: string;
  id: string;
  answer: 'accepted' | 'dismissed';
  at: Instant;
}

/** The schema `router`, as its migrations make it. */
export interface RouterTables {
  rule: RuleTable;
  tier: TierTable;
  rule_change: RuleChangeTable;
  default_given: { name: string; given_at: Instant };
  policy: { is_only: Generated<boolean>; revision: number };
  owner_revision: { owner: string; revision: number };
  feedback: FeedbackTable;
  exemplar: ExemplarTable;
  suggestion_answer: SuggestionAnswerTable;
}
