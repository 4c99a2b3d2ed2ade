import type { Database } from '@mosaic/service-kit';
import { type Selectable, sql } from 'kysely';
import type { Passage } from '../../app/recall/index/passage.ts';
import type { MemoryTables } from '../tables.ts';

/** How far an index of a user's passages has come; null for one that is yet to be made. */
export interface IndexState {
  readonly version: number;
  readonly removals: number;
}

/** What an index must take in to be as the tables are. */
export interface PassageNews {
  readonly state: IndexState;
  /** True: these are all passages, and what the index had is void. */
  readonly isWhole: boolean;
  readonly passages: readonly Passage[];
}

type PassageRow = Selectable<MemoryTables['passage']>;

/** Whoever has passages has a row; without news, all of a passage is null in it. */
type NewsRow = { newest: number; newest_removals: number } & (
  | PassageRow
  | { readonly version: null }
);

/** Reads what was written since; after a removal everything. One statement, as for texts. */
export async function readPassageNews(
  db: Database<MemoryTables>,
  userId: string,
  known: IndexState | null,
): Promise<PassageNews> {
  // Without an index there is no number of removals that it could have.
  const { version, removals } = known ?? { version: 0, removals: -1 };
  const { rows } = await db.asUser({ userId }, (tx) =>
    sql<NewsRow>`
      select state.version as newest, state.removals as newest_removals, passage.*
      from passage_state state
      left join passage on passage.user_id = state.user_id
        and passage.version > case when state.removals = ${removals} then ${version}::bigint else 0 end
      where state.user_id = ${userId}
      order by passage.version`.execute(tx),
  );
  const [first] = rows;
  const state = { version: first?.newest ?? 0, removals: first?.newest_removals ?? 0 };
  const passages = rows.flatMap((row) => (row.version === null ? [] : [toPassage(row)]));
  return { state, isWhole: removals !== state.removals, passages };
}

function toPassage(row: PassageRow): Passage {
  return {
    version: row.version,
    source: row.source,
    sourceId: row.source_id,
    conversationId: row.conversation_id,
    position: row.position,
    chunk: row.chunk,
    role: row.role,
    speaker: row.speaker,
    saidAtMs: row.said_at.getTime(),
    supersededAtMs: row.superseded_at?.getTime() ?? null,
    language: row.language,
    text: row.text,
    hash: row.hash.toString('base64'),
    meaning: row.meaning === null ? null : new Int8Array(row.meaning),
  };
}

/** The text of a passage as it is stored now. */
export interface StoredText {
  readonly version: number;
  readonly text: string;
  readonly title: string | null;
}

/** Texts, and how far the user's passages had come when they were read. */
export interface StoredTexts {
  readonly state: IndexState;
  readonly texts: ReadonlyMap<number, StoredText>;
}

/**
 * The texts of passages, with the titles of their conversations. What was removed meanwhile, or is
 * somebody else's, is not among them, whatever an index believes. One statement: each way to the
 * database and back is most of what a search waits for.
 */
export async function readTexts(
  db: Database<MemoryTables>,
  userId: string,
  versions: readonly number[],
): Promise<StoredTexts> {
  const rows = await db.asUser({ userId }, (tx) =>
    tx
      .selectFrom('passage_state as state')
      .leftJoin('passage', (join) =>
        join
          .onRef('passage.user_id', '=', 'state.user_id')
          .on('passage.version', '=', sql<number>`any(${versions}::bigint[])`),
      )
      .leftJoin('conversation', (join) =>
        join
          .onRef('conversation.user_id', '=', 'passage.user_id')
          .onRef('conversation.id', '=', 'passage.conversation_id'),
      )
      .select(['state.version as newest', 'state.removals'])
      .select(['passage.version', 'passage.text', 'conversation.title'])
      .where('state.user_id', '=', userId)
      .execute(),
  );
  const [first] = rows;
  const texts = rows.flatMap(({ version, text, title }) =>
    version === null || text === null ? [] : [[version, { version, text, title }] as const],
  );
  return {
    state: { version: first?.newest ?? 0, removals: first?.removals ?? 0 },
    texts: new Map(texts),
  };
}
