import assert from 'node:assert/strict';
import { join } from 'node:path';
import { after, before, beforeEach, test } from 'node:test';
import { type PgliteHandle, startPglite } from '@mosaic/embedded-servers';
import { type ConversationEvent, makeId } from '@mosaic/proto';
import { type Database, openDatabase } from '@mosaic/service-kit';
import { temporaryDirectory } from '@mosaic/test-kit';
import type { LoggedEvent } from '../src/app/follow-conversation.ts';
import { type MemoryStore, openMemoryStore } from '../src/stores/memory-store.ts';
import {
  dropPassages,
  markSuperseded,
  type PassageText,
  writePassages,
} from '../src/stores/passages/write-passages.ts';
import type { MemoryTables } from '../src/stores/tables.ts';
import { asked, completed, created, type EventDraft, toolCalled } from './event-drafts.ts';

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
  key = { userId: makeId(), conversationId: makeId() };
});
after(async () => {
  await db.close();
  await server.stop();
});

function apply(...drafts: readonly EventDraft[]) {
  const log = drafts.map((draft, index): LoggedEvent => {
    const place = { conversationId: key.conversationId, seq: index + 1 };
    // A draft with its place is an event; spreading a union loses that.
    const event = { ...draft, ...place, at: '2026-05-01T10:00:00.000Z' } as ConversationEvent;
    return { event, streamSeq: index + 1 };
  });
  return store.apply(key, log);
}

function passages() {
  return db.asUser(key, (tx) =>
    tx.selectFrom('passage').selectAll().orderBy('position').orderBy('chunk').execute(),
  );
}

function state() {
  return db.asUser(key, (tx) => tx.selectFrom('passage_state').selectAll().executeTakeFirst());
}

function memory(sourceId: string, text: string): PassageText {
  const saved = { source: 'memory', sourceId, conversationId: null, position: 0 } as const;
  return { ...saved, role: 'user', speaker: null, saidAt: '2026-05-02T10:00:00.000Z', text };
}

test('a message has its passages in the transaction that writes it', async () => {
  const message = makeId();
  await apply(
    created(),
    asked(message, 'Where do I live?'),
    completed('run', message, 'In Lübeck.'),
  );
  const rows = await passages();
  assert.deepEqual(
    rows.map((row) => [row.source_id, row.role, row.position, row.chunk, row.text, row.language]),
    [
      [message, 'user', 2, 0, 'Where do I live?', 'en'],
      ['run', 'assistant', 3, 0, 'In Lübeck.', 'en'],
    ],
  );
  assert.ok(rows.every((row) => row.meaning?.length === 100 && row.hash.length === 16));
  assert.equal((await state())?.version, 2);
});

test('an answer written in steps has all of them, a restarted run only its own', async () => {
  const message = makeId();
  const drafts = [created(), asked(message, 'go'), toolCalled('run1', 'c1', 'Looking.')];
  await apply(...drafts, completed('run1', message, 'Found it.'));
  const textsOf = async (run: string) =>
    (await passages()).filter((row) => row.source_id === run).map((row) => [row.chunk, row.text]);
  assert.deepEqual(await textsOf('run1'), [
    [0, 'Looking.'],
    [1, 'Found it.'],
  ]);
  key = { ...key, conversationId: makeId() };
  const restarted = { run: 'run3', previousRun: 'run2', messageId: message, why: 'lost' };
  await apply(
    created(),
    asked(message, 'go'),
    toolCalled('run2', 'c1', 'Walnuts.'),
    { type: 'turn.restarted', ...restarted },
    completed('run3', message, 'Almonds.'),
  );
  assert.deepEqual(await textsOf('run2'), []);
  assert.deepEqual(await textsOf('run3'), [[0, 'Almonds.']]);
});

test('a deleted conversation takes its passages with it, and every index hears of it', async () => {
  await apply(created(), asked(makeId(), 'My sister is called Greta.'));
  const before = await state();
  const seq = { seq: 3, streamSeq: 3 };
  const at = '2026-05-01T11:00:00.000Z';
  const { conversationId } = key;
  const event: ConversationEvent = { type: 'conversation.deleted', conversationId, at, seq: 3 };
  await store.apply(key, [{ event, streamSeq: seq.streamSeq }]);
  assert.deepEqual(await passages(), []);
  assert.equal((await state())?.removals, (before?.removals ?? 0) + 1);
});

test('a memory is replaced by dropping it, and superseded with a version that is new', async () => {
  const write = (text: string) =>
    db.asUser(key, (tx) => writePassages(tx, key.userId, [memory('m1', text), memory('m2', text)]));
  await write('I drink tea.');
  const drop = { source: 'memory', sourceIds: ['m1'] } as const;
  assert.equal(await db.asUser(key, (tx) => dropPassages(tx, key.userId, drop)), 1);
  await db.asUser(key, (tx) => writePassages(tx, key.userId, [memory('m1', 'I drink coffee.')]));
  const before = await state();
  const at = '2026-06-01T00:00:00.000Z';
  await db.asUser(key, (tx) => markSuperseded(tx, key.userId, { sourceIds: ['m2', 'm1'], at }));
  const rows = await passages();
  assert.deepEqual(
    new Set(rows.map((row) => `${row.text} ${row.superseded_at?.toISOString()}`)),
    new Set([`I drink tea. ${at}`, `I drink coffee. ${at}`]),
  );
  assert.ok(rows.every((row) => row.version > (before?.version ?? 0)));
  assert.equal((await state())?.version, Math.max(...rows.map((row) => row.version)));
});

test('messages from before there were passages are made findable, once and with their places', async () => {
  const message = makeId();
  const other = makeId();
  await apply(
    created(),
    { ...asked(message, 'I moved to Kiel.'), speaker: 'Ada' } as EventDraft,
    completed('run', message, 'Noted.'),
    asked(other, '\u00a0 \n'),
  );
  const whole = (await passages()).map(({ version: _version, ...row }) => row);
  assert.equal(whole.length, 2);
  await db.asUser(key, (tx) => dropPassages(tx, key.userId, { source: 'message' }));
  const [first, second] = await Promise.all([
    store.backfillPassages(key.userId),
    store.backfillPassages(key.userId),
  ]);
  assert.equal(first + second, 3);
  assert.deepEqual(
    (await passages()).map(({ version: _version, ...row }) => row),
    whole,
  );
});

test('writers of one user at once never share a version', async () => {
  const write = (number: number) =>
    db.asUser(key, (tx) =>
      writePassages(tx, key.userId, [memory(`m${number}`, 'a'), memory(`n${number}`, 'b')]),
    );
  await Promise.all(Array.from({ length: 12 }, (_, number) => write(number)));
  const versions = (await passages()).map((row) => row.version).sort((a, b) => a - b);
  assert.deepEqual(
    versions,
    Array.from({ length: 24 }, (_, index) => index + 1),
  );
});
