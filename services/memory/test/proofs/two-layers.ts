import assert from 'node:assert/strict';
import { join } from 'node:path';
import { after, before, test } from 'node:test';
import { type ConversationEvent, makeId } from '@mosaic/proto';
import { type Database, openDatabase } from '@mosaic/service-kit';
import pg from 'pg';
import { openMemoryStore } from '../../src/stores/memory-store.ts';
import type { MemoryTables } from '../../src/stores/tables.ts';
import { asked, completed, created } from '../event-drafts.ts';
import { draftOf, type Loot, operations } from './operations.ts';
import { withoutFilters } from './without-filters.ts';

const canary = 'Canary-bob';

/**
 * Rows are kept apart twice: by the filter of each statement and by row level security. Each of the
 * two alone has to hold.
 */
export function claimTwoLayers(name: string, url: string): void {
  let db: Database<MemoryTables>;
  let loot: Loot;

  before(async () => {
    db = openDatabase<MemoryTables>({
      url,
      schema: 'memory',
      role: 'memory_app',
      migrationsDir: join(import.meta.dirname, '..', '..', 'migrations'),
    });
    await db.migrate();
    loot = await fill('bob', canary);
    await fill('ada', 'of ada');
  });
  after(() => db.close());

  async function fill(userId: string, text: string): Promise<Loot> {
    const store = openMemoryStore(db);
    const ids = { conversationId: makeId(), messageId: makeId(), run: makeId() };
    const drafts = [
      created(text),
      asked(ids.messageId, `I said ${text} 金丝雀`),
      completed(ids.run, ids.messageId, `You said ${text}`),
    ];
    const events = drafts.map((draft, index) => ({
      event: {
        ...draft,
        conversationId: ids.conversationId,
        seq: index + 1,
        at: new Date().toISOString(),
      } as ConversationEvent,
      streamSeq: index + 1,
    }));
    await store.apply({ userId, conversationId: ids.conversationId }, events);
    const coldId = makeId();
    const cold = { userId, conversationId: coldId };
    const sealed = events.map(({ event, streamSeq }) => ({
      event: { ...event, conversationId: coldId },
      streamSeq,
    }));
    await store.apply(cold, sealed);
    await store.chillConversation({ ...cold, seq: 3 });
    await store.saveSummary(cold, { text: `About ${text}`, by: 'test', messageCount: 2 });
    const { memory } = await store.saveMemory(userId, draftOf(`Likes ${text}`));
    await store.putPreference(userId, { key: 'canary.key', value: text });
    return { ...ids, coldId, memoryId: memory.id };
  }

  /** As who owns the tables, for whom there is no row level security once it is switched off. */
  async function asOwner<Row extends pg.QueryResultRow>(...statements: string[]): Promise<Row[]> {
    const client = new pg.Client({ connectionString: url });
    await client.connect();
    try {
      let rows: Row[] = [];
      for (const statement of statements) ({ rows } = await client.query<Row>(statement));
      return rows;
    } finally {
      await client.end();
    }
  }

  const userTables = () =>
    asOwner<{ name: string }>(`
      select c.relname as name from pg_class c
      join pg_attribute a on a.attrelid = c.oid and a.attname = 'user_id'
      where c.relnamespace = 'memory'::regnamespace and c.relkind = 'r' order by 1`);

  /** One number for all that Bob has; it changes with any of it. */
  async function bobsRows(): Promise<Record<string, { count: number; sum: string | null }>> {
    const sums = (await userTables()).map(
      ({ name: table }) => `
        select '${table}' as table, count(*)::int as count,
          md5(string_agg(one::text, '|' order by one::text)) as sum
        from memory.${table} one where user_id = 'bob'`,
    );
    const rows = await asOwner<{ table: string; count: number; sum: string | null }>(
      sums.join(' union all '),
    );
    return Object.fromEntries(rows.map(({ table, ...row }) => [table, row]));
  }

  /** Does everything as Ada, and answers which operations showed or changed something of Bob's. */
  async function leaks(through: Database<MemoryTables>): Promise<readonly string[]> {
    const found: string[] = [];
    const before = await bobsRows();
    for (const [operation, ask] of Object.entries(operations)) {
      // Refusals are answers as well; what matters is what they say.
      const said = await ask(openMemoryStore(through), loot).catch((thrown: unknown) => thrown);
      const text = said instanceof Error ? said.message : textOf(said);
      if (text.includes(canary)) found.push(`${operation} shows ${text.slice(0, 200)}`);
      const now = await bobsRows();
      if (!isSame(now, before)) found.push(`${operation} changed rows`);
      await fill('ada', 'of ada');
    }
    return found;
  }

  test(`${name}: with filters and row level security nothing of Bob's is shown or changed`, async () => {
    const { cold_part, conversation, memory, passage } = await bobsRows();
    const counts = [cold_part, conversation, memory, passage].map((one) => one?.count ?? 0);
    assert.ok(Math.min(...counts) > 0, 'there is something to find');
    assert.deepEqual(await leaks(db), []);
  });

  test(`${name}: with every filter forgotten row level security holds`, async () => {
    const forgetful = withoutFilters(db);
    assert.deepEqual(await leaks(forgetful.db), []);
    assert.ok(forgetful.removed() > 40, `${forgetful.removed()} filters were taken out`);
  });

  test(`${name}: with row level security switched off the filters hold`, async () => {
    const tables = (await userTables()).map((one) => one.name);
    const each = (what: string) => tables.map((table) => `alter table memory.${table} ${what}`);
    const secured = await asOwner<{ relname: string }>(
      `select relname from pg_class where relnamespace = 'memory'::regnamespace and relrowsecurity`,
    );
    await asOwner(...each('disable row level security'));
    try {
      assert.deepEqual(await leaks(db), []);
    } finally {
      const names = secured.map((one) => one.relname);
      await asOwner(
        ...names.map((table) => `alter table memory.${table} enable row level security`),
      );
    }
  });

  test(`${name}: with neither, the same questions do show and change what is Bob's`, async () => {
    const tables = (await userTables()).map((one) => one.name);
    await asOwner(...tables.map((one) => `alter table memory.${one} disable row level security`));
    const found = await leaks(withoutFilters(db).db);
    assert.ok(found.length > 8, `the proof can fail: ${found.join('\n')}`);
  });
}

/** Everything of an answer as text; maps, which JSON leaves empty, as lists. */
function textOf(said: unknown): string {
  const open = (_key: string, value: unknown) => (value instanceof Map ? [...value] : value);
  return JSON.stringify(said, open) ?? '';
}

function isSame(left: unknown, right: unknown): boolean {
  try {
    assert.deepEqual(left, right);
    return true;
  } catch {
    return false;
  }
}
