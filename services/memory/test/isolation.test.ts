import assert from 'node:assert/strict';
import { join } from 'node:path';
import { after, before, test } from 'node:test';
import {
  getContext,
  getConversation,
  listConversations,
  listEvents,
  makeId,
  searchConversations,
  sweepRetention,
} from '@mosaic/proto';
import { type Database, openDatabase } from '@mosaic/service-kit';
import { sql } from 'kysely';
import type { MemoryTables } from '../src/stores/tables.ts';
import { asked, completed, created } from './event-drafts.ts';
import { type Conversation, type MemoryStack, startMemoryStack } from './memory-stack.ts';

let stack: MemoryStack;
let db: Database<MemoryTables>;
let ofAda: Conversation;
let ofBob: Conversation;

before(async () => {
  stack = await startMemoryStack();
  await stack.startMemory();
  db = openDatabase<MemoryTables>({
    url: stack.databaseUrl,
    schema: 'memory',
    role: 'memory_app',
    migrationsDir: join(import.meta.dirname, '..', 'migrations'),
  });
  ofAda = await fill('ada');
  ofBob = await fill('bob');
});
after(async () => {
  await db.close();
  await stack.stop();
});

async function fill(userId: string): Promise<Conversation> {
  const talk = stack.conversation(userId);
  const message = makeId();
  const seq = await talk.append(
    created(`Title of ${userId}`),
    asked(message, `The marzipan of ${userId}`),
    completed(`run-${userId}`, message, `Marzipan for ${userId}`),
  );
  await stack.agents.call(getContext, { conversationId: talk.id, seq }, as(userId));
  return talk;
}

function as(userId: string) {
  return { caller: stack.caller(userId) };
}

test('every request for the id of a foreign conversation answers not_found', async () => {
  const gone = { code: 'not_found' };
  const conversationId = ofBob.id;
  const { agents, gateway } = stack;
  await assert.rejects(gateway.call(getConversation, { conversationId }, as('ada')), gone);
  await assert.rejects(
    gateway.call(getConversation, { conversationId, minSeq: 3 }, as('ada')),
    gone,
  );
  await assert.rejects(gateway.call(listEvents, { conversationId }, as('ada')), gone);
  await assert.rejects(agents.call(getContext, { conversationId, seq: 0 }, as('ada')), gone);
  await assert.rejects(agents.call(getContext, { conversationId, seq: 3 }, as('ada')), gone);
});

test('the same requests answer the owner', async () => {
  const conversationId = ofBob.id;
  const { agents, gateway } = stack;
  const got = await gateway.call(getConversation, { conversationId, minSeq: 3 }, as('bob'));
  assert.equal(got.conversation.title, 'Title of bob');
  const events = await gateway.call(listEvents, { conversationId }, as('bob'));
  assert.deepEqual(
    events.events.map((event) => event.seq),
    [1, 2, 3],
  );
  const context = await agents.call(getContext, { conversationId, seq: 3 }, as('bob'));
  assert.equal(context.turns.length, 2);
});

test('lists hold the own conversations alone', async () => {
  for (const [userId, own] of [
    ['ada', ofAda],
    ['bob', ofBob],
  ] as const) {
    const { conversations } = await stack.gateway.call(listConversations, {}, as(userId));
    assert.deepEqual(
      conversations.map((one) => one.id),
      [own.id],
    );
  }
});

test('search never returns a foreign message', async () => {
  const { hits } = await stack.gateway.call(
    searchConversations,
    { query: 'marzipan ada bob' },
    as('ada'),
  );
  assert.equal(hits.length, 2);
  assert.ok(hits.every((hit) => hit.conversationId === ofAda.id));
});

test('two conversations of the same id in two users stay apart', async () => {
  const id = makeId();
  for (const userId of ['ada', 'bob']) {
    const seq = await stack
      .conversation(userId, id)
      .append(created(`Twin of ${userId}`), asked(makeId(), 'hello'));
    await stack.agents.call(getContext, { conversationId: id, seq }, as(userId));
  }
  for (const userId of ['ada', 'bob']) {
    const request = { conversationId: id };
    const { conversation } = await stack.gateway.call(getConversation, request, as(userId));
    assert.equal(conversation.title, `Twin of ${userId}`);
  }
});

test('a query that forgets its filter still sees the own rows alone, and none without a user', async () => {
  for (const table of ['conversation', 'event', 'message'] as const) {
    const rows = await db.asUser({ userId: 'ada' }, (tx) =>
      tx.selectFrom(table).select('user_id').execute(),
    );
    assert.ok(rows.length > 0);
    assert.deepEqual([...new Set(rows.map((row) => row.user_id))], ['ada']);
    const none = await db.asService((tx) => tx.selectFrom(table).select('user_id').execute());
    assert.deepEqual(none, []);
  }
});

test('a row for somebody else is refused, also below a conversation that exists', async () => {
  const foreign = {
    user_id: 'bob',
    conversation_id: ofBob.id,
    id: 'forged',
    role: 'user' as const,
    text: 'forged',
    at: new Date().toISOString(),
  };
  const write = db.asUser({ userId: 'ada' }, (tx) =>
    tx.insertInto('message').values(foreign).execute(),
  );
  await assert.rejects(write, { code: '42501' });
});

test('every table that holds what people wrote is under forced row level security', async () => {
  const open = sql<{ relname: string }>`
    select relname from pg_class
    where relnamespace = 'memory'::regnamespace and relkind = 'r'
      and not (relrowsecurity and relforcerowsecurity)
    order by relname`;
  const { rows } = await db.asService((tx) => open.execute(tx));
  assert.deepEqual(
    rows.map((row) => row.relname),
    ['_migrations', 'owner', 'projection', 'removed_owner'],
  );
});

test('people can not start the sweep', async () => {
  const sweep = stack.gateway.call(sweepRetention, { untouchedSince: null }, as('ada'));
  await assert.rejects(sweep, { code: 'forbidden' });
});
