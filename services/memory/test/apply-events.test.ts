import assert from 'node:assert/strict';
import { join } from 'node:path';
import { after, before, beforeEach, test } from 'node:test';
import { type PgliteHandle, startPglite } from '@mosaic/embedded-servers';
import { type ConversationEvent, makeId } from '@mosaic/proto';
import { type Database, openDatabase } from '@mosaic/service-kit';
import { temporaryDirectory } from '@mosaic/test-kit';
import { followConversation, type LoggedEvent } from '../src/app/follow-conversation.ts';
import { type MemoryStore, openMemoryStore } from '../src/stores/memory-store.ts';
import type { MemoryTables } from '../src/stores/tables.ts';
import { asked, created, type EventDraft } from './event-drafts.ts';

let server: PgliteHandle;
let db: Database<MemoryTables>;
let store: MemoryStore;
let key: { userId: string; conversationId: string };

before(async () => {
  const { path: dataDir } = await temporaryDirectory();
  server = await startPglite({ dataDir, dumps: false });
  db = openDatabase<MemoryTables>({
    url: server.url,
    schema: 'memory',
    role: 'memory_app',
    migrationsDir: join(import.meta.dirname, '..', 'migrations'),
  });
  await db.migrate();
  store = openMemoryStore(db);
});
beforeEach(() => {
  key = { userId: 'ada', conversationId: makeId() };
});
after(async () => {
  await db.close();
  await server.stop();
});

/** A log in which the stream's numbers are ten times the conversation's. */
function logOf(...drafts: readonly EventDraft[]): readonly LoggedEvent[] {
  return drafts.map((draft, index) => {
    const place = { conversationId: key.conversationId, seq: index + 1 };
    // A draft with its place is an event; spreading a union loses that.
    const event = { ...draft, ...place, at: new Date().toISOString() } as ConversationEvent;
    return { event, streamSeq: (index + 1) * 10 };
  });
}

function question(text: string): EventDraft {
  return asked(makeId(), text);
}

const seqsOf = async () => {
  const query = { afterSeq: 0, beforeSeq: undefined, limit: 100 };
  return (await store.readEvents(key, query)).map((event) => event.seq);
};

test('an event that was applied before changes nothing', async () => {
  const log = logOf(created(), question('one'), question('two'));
  await store.apply(key, log);
  const before = await store.findConversation(key);
  assert.deepEqual(await store.apply(key, log), { seq: 3, streamSeq: 30 });
  assert.deepEqual(await store.findConversation(key), before);
  assert.deepEqual(await seqsOf(), [1, 2, 3]);
});

test('events behind a gap wait', async () => {
  const log = logOf(created(), question('one'), question('two'), question('three'));
  assert.deepEqual(await store.apply(key, log.slice(2)), { seq: 0, streamSeq: 0 });
  assert.deepEqual(await store.apply(key, [...log.slice(0, 2), ...log.slice(3)]), {
    seq: 2,
    streamSeq: 20,
  });
  assert.deepEqual(await seqsOf(), [1, 2]);
});

test('a delivery ahead of others fills the gap from the log, and then the others are known', async () => {
  const log = logOf(created(), question('one'), question('two'), question('three'));
  const asked: number[] = [];
  const ports = {
    apply: store.apply,
    async readLog(_key: typeof key, afterStreamSeq: number) {
      asked.push(afterStreamSeq);
      return log.filter((one) => one.streamSeq > afterStreamSeq);
    },
  };
  for (const index of [0, 3, 1, 2]) {
    const delivered = log[index];
    assert.ok(delivered !== undefined);
    assert.ok((await followConversation(ports, key, [delivered])) >= delivered.event.seq);
  }
  assert.deepEqual(asked, [10]);
  assert.deepEqual(await seqsOf(), [1, 2, 3, 4]);
});

test('a gap that the log can not fill is no success', async () => {
  const log = logOf(created(), question('one'), question('two'));
  const ports = { apply: store.apply, readLog: async () => log.slice(2) };
  const [, , third] = log;
  assert.ok(third !== undefined);
  assert.ok((await followConversation(ports, key, [third])) < third.event.seq);
});

test('a deletion counts wherever it stands, and nothing late brings the conversation back', async () => {
  const log = logOf(created('Secret'), question('one'), { type: 'conversation.deleted' });
  await store.apply(key, log.slice(2));
  assert.equal(await store.findConversation(key), null);
  await store.apply(key, log);
  assert.equal(await store.findConversation(key), null);
  assert.deepEqual(await seqsOf(), []);
  const page = await store.listPage('ada', {
    limit: 100,
    after: null,
    archived: 'with',
    tag: undefined,
  });
  assert.ok(page.every((one) => one.id !== key.conversationId));
});

test('events of two transactions at once are applied once', async () => {
  const log = logOf(created(), question('one'), question('two'));
  await store.apply(key, log.slice(0, 1));
  await Promise.all(Array.from({ length: 8 }, () => store.apply(key, log)));
  assert.deepEqual(await seqsOf(), [1, 2, 3]);
  const found = await store.findConversation(key);
  assert.equal(found?.messageCount, 2);
});
