import type {
  ConversationEvent,
  MemoryExtractor,
  MemoryKind,
  Preference,
  StorageTier,
} from '@mosaic/proto';
import type { ColumnType, Generated } from 'kysely';

/** Written as ISO 8601, read as a Date. */
type Instant = ColumnType<Date, string, string>;
type NullableInstant = ColumnType<Date | null, string | null, string | null>;
/** As `Instant`; now when it is left out. */
type InstantOrNow = ColumnType<Date, string | undefined, string>;

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
  deleted_at: NullableInstant;
  is_pinned: ColumnType<boolean, boolean | undefined, boolean>;
  is_archived: ColumnType<boolean, boolean | undefined, boolean>;
  is_incognito: ColumnType<boolean, boolean | undefined, boolean>;
  tags: ColumnType<string[], string[] | undefined, string[]>;
  tier: ColumnType<StorageTier, StorageTier | undefined, StorageTier>;
  restored_at: ColumnType<Date | null, string | null | undefined, string | null>;
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

interface MemoryTable {
  user_id: string;
  id: string;
  kind: MemoryKind;
  text: string;
  fingerprint: string;
  conversation_id: string | null;
  message_ids: string[];
  valid_from: NullableInstant;
  valid_to: NullableInstant;
  confidence: number;
  extractor: MemoryExtractor;
  extractor_version: string | null;
  superseded_by: ColumnType<string | null, string | null | undefined, string | null>;
  created_at: InstantOrNow;
  updated_at: InstantOrNow;
}

interface ExtractionTable {
  user_id: string;
  message_id: string;
  extractor: 'rules' | 'model';
  version: string;
  at: InstantOrNow;
}

interface PreferenceTable {
  /** Empty: of the installation. */
  user_id: string;
  key: string;
  /** Written as JSON text, read as the value. */
  value: ColumnType<Preference['value'], string, string>;
  is_fixed: boolean;
  updated_at: InstantOrNow;
}

interface PassageStateTable {
  user_id: string;
  version: number;
  removals: number;
  made_by: number;
}

interface PassageTable {
  user_id: string;
  version: number;
  source: 'message' | 'memory';
  source_id: string;
  conversation_id: string | null;
  position: number;
  chunk: number;
  role: 'user' | 'assistant';
  speaker: string | null;
  said_at: Instant;
  superseded_at: ColumnType<Date | null, string | null, string | null>;
  language: string;
  text: string;
  hash: Buffer;
  meaning: Buffer | null;
}

interface EmbeddingTable {
  user_id: string;
  model: string;
  hash: Buffer;
  width: number;
  vector: Buffer;
}

interface ColdPartTable {
  user_id: string;
  conversation_id: string;
  part: number;
  first_seq: number;
  last_seq: number;
  events: number;
  raw_bytes: number;
  checksum: Buffer;
  body: Buffer;
}

interface ConversationSummaryTable {
  user_id: string;
  conversation_id: string;
  text: string | null;
  written_by: string;
  message_count: number;
  at: InstantOrNow;
}

/** The schema `memory`, as its migrations make it. */
export interface MemoryTables {
  projection: ProjectionTable;
  owner: OwnerTable;
  conversation: ConversationTable;
  event: EventTable;
  message: MessageTable;
  memory: MemoryTable;
  extraction: ExtractionTable;
  preference: PreferenceTable;
  removed_owner: { id: string; removed_at: InstantOrNow };
  passage_state: PassageStateTable;
  passage: PassageTable;
  embedding: EmbeddingTable;
  cold_part: ColdPartTable;
  conversation_summary: ConversationSummaryTable;
}
