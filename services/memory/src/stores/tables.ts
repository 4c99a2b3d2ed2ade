import type { ConversationEvent } from '@mosaic/proto';
import type { ColumnType, Generated } from 'kysely';

/** Written as ISO 8601, read as a Date. */
type Instant = ColumnType<Date, string, string>;

interface ProjectionTable {
  id: string;
}

interface OwnerTable {
  user_id: string;
  first_seen_at: Generated<Date>;
}

interface ConversationTable {
  user_id: string;
  id: string;
  title: string | null;
  agent: string;
  model: string | null;
  message_count: number;
  seq: number;
  stream_seq: number;
  created_at: Instant;
  updated_at: Instant;
  deleted_at: ColumnType<Date | null, string | null, string | null>;
}

interface EventTable {
  user_id: string;
  conversation_id: string;
  seq: number;
  type: string;
  at: Instant;
  /** Written as JSON text, read as the parsed event. */
  payload: ColumnType<ConversationEvent, string, string>;
}

interface MessageTable {
  user_id: string;
  conversation_id: string;
  id: string;
  role: 'user' | 'assistant';
  text: string;
  at: Instant;
}

/** The schema `memory`, as its migrations make it. */
export interface MemoryTables {
  projection: ProjectionTable;
  owner: OwnerTable;
  conversation: ConversationTable;
  event: EventTable;
  message: MessageTable;
}
