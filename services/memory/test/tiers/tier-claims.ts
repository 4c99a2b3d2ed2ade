import assert from 'node:assert/strict';
import { after, before, test } from 'node:test';
import { setTimeout } from 'node:timers/promises';
import { makeId } from '@mosaic/proto';
import type { Database } from '@mosaic/service-kit';
import { sql } from 'kysely';
import pg from 'pg';
import { openIndexCache } from '../../src/adapters/recall/index-cache.ts';
import { openRecall, type Recall } from '../../src/adapters/recall/open-recall.ts';
import { builtinVectors } from '../../src/adapters/recall/question-vectors.ts';
import { dueOf } from '../../src/adapters/tiers/move-due.ts';
import { searchTerms } from '../../src/app/search-terms.ts';
import { type MemoryStore, openMemoryStore } from '../../src/stores/memory-store.ts';
import type { MemoryTables } from '../../src/stores/tables.ts';
import { asked, created } from '../event-drafts.ts';
import { startCuttingProxy } from '../proofs/cutting-proxy.ts';
import {
  chill,
  eventful,
  everything,
  fill,
  openTables,
  place,
  type Rig,
  rowsOf,
} from './tier-rig.ts';

/** What the tiers hold on every PostgreSQL. */
export function claimTiers(name: string, url: string): void {
  let db: Database<MemoryTables>;
  let store: MemoryStore;
  let recall: Recall;
  before(async () => {
    db = openTables(url);
    await db.migrate();
    store = openMemoryStore(db);
    const indexes = openIndexCache(store);
    recall = openRecall({ store, indexes, vectors: builtinVectors, clock: { now: Date.now } });
  });
  after(() => db.close());
  const rig: Rig = { db: () => db, store: () => store, recall: () => recall, url };
  claimRoundTrip(name, rig);
  claimFinding(name, rig);
  claimMoving(name, rig);
  claimSummaries(name, rig);
  claimKills(name, rig);
}

function claimRoundTrip(name: string, rig: Rig): void {
  test(`${name}: brought back from the cold, every row is what it was`, async () => {
    const key = await fill(rig);
    const before = await rowsOf(rig, key);
    assert.equal(before.event.length, 10);
    assert.equal(before.message.length, 4);
    await chill(rig, key);
    const cold = await rowsOf(rig, key);
    assert.deepEqual([cold.event, cold.message, cold.cold_part.length], [[], [], 1]);
    assert.deepEqual(cold.passage, before.passage);
    const restored = await rig.store().restoreConversation(key);
    assert.deepEqual(restored, { from: 'cold', tier: 'hot', events: 10 });
    assert.deepEqual(await rowsOf(rig, key), before);
    assert.equal((await rig.store().restoreConversation(key))?.events, 0, 'a second time');
  });

  test(`${name}: a cold conversation is read where it is, in pages and from both ends`, async () => {
    const talk = Array.from({ length: 40 }, (_, at) =>
      asked(makeId(), `${at} ${'x'.repeat(40_000)}`),
    );
    const key = await fill(rig, [created(), ...talk]);
    const store = rig.store();
    const queries = [
      everything,
      { afterSeq: 7, beforeSeq: undefined, limit: 5 },
      { afterSeq: 0, beforeSeq: 30, limit: 25 },
      { afterSeq: 20, beforeSeq: 23, limit: 50 },
      { afterSeq: 41, beforeSeq: undefined, limit: 5 },
    ];
    const read = async () => {
      const pages = [];
      for (const query of queries) pages.push(await store.readEvents(key, query));
      return pages;
    };
    const before = await read();
    await chill(rig, key);
    const { cold_part: parts } = await rowsOf(rig, key);
    assert.ok(parts.length > 1, 'it is more than one piece');
    assert.deepEqual(await read(), before);
    assert.equal((await store.findConversation(key))?.tier, 'cold');
  });

  test(`${name}: whoever goes on in a cold conversation finds it whole and hot`, async () => {
    const key = await fill(rig);
    await chill(rig, key);
    const message = makeId();
    const next = place(key.conversationId, [asked(message, 'And today?')], 11);
    await rig.store().apply(key, next);
    const events = await rig.store().readEvents(key, everything);
    assert.deepEqual(
      events.map(({ seq }) => seq),
      Array.from({ length: 11 }, (_, at) => at + 1),
    );
    const found = await rig.store().findConversation(key);
    assert.deepEqual([found?.tier, found?.messageCount], ['hot', 5]);
    assert.deepEqual((await rowsOf(rig, key)).cold_part, []);
  });

  test(`${name}: a new title is no use of a conversation, and its deletion leaves nothing`, async () => {
    const key = await fill(rig);
    await chill(rig, key);
    const renamed = { type: 'conversation.renamed', title: 'New', by: 'user' } as const;
    await rig.store().apply(key, place(key.conversationId, [renamed], 11));
    assert.equal((await rig.store().findConversation(key))?.tier, 'warm');
    await chill(rig, key);
    await rig.store().saveSummary(key, { text: 'About time', by: 'test', messageCount: 4 });
    const deleted = { type: 'conversation.deleted' } as const;
    await rig.store().apply(key, place(key.conversationId, [deleted], 12));
    const left = await rowsOf(rig, key);
    assert.deepEqual(left, { event: [], message: [], passage: [], cold_part: [] });
    assert.equal((await rig.store().measureStorage(key.userId)).bytes, 0);
  });

  test(`${name}: the context of a cold conversation brings it back`, async () => {
    const key = await fill(rig);
    const want = { minSeq: 10, maxTurns: 20 };
    const before = await rig.store().readRecent(key, want);
    await chill(rig, key);
    const after = await rig.store().readRecent(key, want);
    assert.deepEqual(after.events, before.events);
    assert.equal((await rig.store().findConversation(key))?.tier, 'hot');
  });

  test(`${name}: damaged pieces are given up for the log, never read as something else`, async () => {
    const key = await fill(rig);
    await chill(rig, key);
    const { conversationId, userId } = key;
    await rig.db().asUser({ userId }, (tx) =>
      sql`update cold_part set body = set_byte(body, octet_length(body) - 3, 1)
        where conversation_id = ${conversationId}`.execute(tx),
    );
    await assert.rejects(rig.store().readEvents(key, everything), { name: 'DamagedPiece' });
    const next = place(conversationId, [asked(makeId(), 'And today?')], 11);
    assert.deepEqual(await rig.store().apply(key, next), { seq: 0, streamSeq: 0 });
    // What the follower does then: it reads the log from its beginning.
    await rig.store().apply(key, [...place(conversationId, eventful()), ...next]);
    const found = await rig.store().findConversation(key);
    assert.deepEqual([found?.seq, found?.tier, found?.messageCount], [11, 'hot', 5]);
  });
}

function claimFinding(name: string, rig: Rig): void {
  test(`${name}: search finds in the cold what it found before, with the same marks and places`, async () => {
    const key = await fill(rig);
    const { userId } = key;
    const look = async () => ({
      ranked: await rig.recall().searchMessages(userId, { text: 'late tokyo', limit: 10 }),
      chinese: await rig.recall().searchMessages(userId, { text: '别客气', limit: 10 }),
      recalled: (
        await rig.recall().search(userId, { text: 'Tokyo time', limit: 5, tokenBudget: 500 })
      ).passages,
      plain: (await rig.store().search(userId, { terms: searchTerms('what is'), limit: 10 })).map(
        ({ score: _score, snippet: _snippet, at: _at, ...hit }) => hit,
      ),
    });
    const before = await look();
    assert.match(before.ranked[0]?.snippet ?? '', /«late».*«Tokyo»/);
    assert.ok(before.chinese.length > 0 && before.recalled.length > 0 && before.plain.length > 0);
    await chill(rig, key);
    assert.deepEqual(await look(), before);
  });
}

function claimMoving(name: string, rig: Rig): void {
  const clock = { now: Date.now };
  const policy = { warmAfterDays: 30, coldAfterDays: 180, hotBytes: null };

  test(`${name}: what was used since it was judged stays, and nothing moves twice`, async () => {
    const key = await fill(rig);
    const store = rig.store();
    assert.equal(await store.chillConversation({ ...key, seq: 9 }), null);
    assert.equal(await store.warmConversation({ ...key, seq: 9 }), false);
    assert.equal(await store.warmConversation({ ...key, seq: 10 }), true);
    assert.equal(await store.warmConversation({ ...key, seq: 10 }), false);
    const freed = await Promise.all(
      [1, 2, 3].map(() => store.chillConversation({ ...key, seq: 10 })),
    );
    assert.equal(freed.filter((one) => one !== null).length, 1);
    assert.equal((await rowsOf(rig, key)).cold_part.length, 1);
  });

  test(`${name}: pinned and just restored conversations are not due, nor is incognito cold`, async () => {
    const store = rig.store();
    const key = await fill(rig);
    const due = async () => (await dueOf({ store, clock, policy }, key.userId)).map(({ to }) => to);
    assert.deepEqual(await due(), ['cold']);
    await chill(rig, key);
    assert.deepEqual(await due(), []);
    await store.restoreConversation(key);
    assert.deepEqual(await due(), []);
    await rig.db().asUser(key, (tx) => sql`update conversation set restored_at = null`.execute(tx));
    const incognito = { type: 'conversation.arranged', isIncognito: true } as const;
    await store.apply(key, place(key.conversationId, [incognito], 11));
    assert.deepEqual(await due(), ['warm']);
    const pinned = { type: 'conversation.arranged', isPinned: true } as const;
    await store.apply(key, place(key.conversationId, [pinned], 12));
    assert.deepEqual(await due(), []);
    assert.equal(await store.chillConversation({ ...key, seq: 12 }), null);
  });

  test(`${name}: a person tightens the policy and never loosens it`, async () => {
    const store = rig.store();
    const key = await fill(rig);
    const never = { warmAfterDays: null, coldAfterDays: null, hotBytes: null };
    const due = async (platform: typeof policy | typeof never) =>
      (await dueOf({ store, clock, policy: platform }, key.userId)).map(({ to }) => to);
    assert.deepEqual(await due(never), []);
    await store.putPreference(key.userId, { key: 'storage.cold-after-days', value: 3 });
    assert.deepEqual(await due(never), ['cold']);
    await store.putPreference(key.userId, { key: 'storage.cold-after-days', value: 90_000 });
    assert.deepEqual(await due(never), []);
    assert.deepEqual(await due(policy), ['cold']);
  });

  test(`${name}: the figures are those of the rows, and compression frees most of them`, async () => {
    const words = 'the harbour lights were seen again from the northern road this evening ';
    const long = Array.from({ length: 30 }, (_, at) =>
      asked(makeId(), `${at} ${words.repeat(20)}`),
    );
    const key = await fill(rig, [created(), ...long]);
    const store = rig.store();
    const before = await store.measureStorage(key.userId);
    assert.equal(before.hot.conversations, 1);
    const freed = await chill(rig, key);
    const after = await store.measureStorage(key.userId);
    assert.equal(after.hot.bytes, 0);
    assert.equal(after.cold.conversations, 1);
    assert.equal(before.bytes - after.bytes, freed);
    assert.ok(after.cold.bytes < before.hot.bytes / 4, `${after.cold.bytes} ${before.hot.bytes}`);
    assert.ok(after.cold.rawBytes > 30 * words.length * 20);
    assert.deepEqual(after.search, before.search);
  });

  test(`${name}: the removal of a person takes what is cold and its summaries`, async () => {
    const key = await fill(rig);
    await chill(rig, key);
    await rig.store().saveSummary(key, { text: 'About time', by: 'test', messageCount: 4 });
    const counts = await rig.store().purge(key.userId);
    assert.deepEqual([counts['cold_part'], counts['conversation_summary']], [1, 1]);
    const client = new pg.Client({ connectionString: rig.url });
    await client.connect();
    const { rows } = await client.query(
      'select user_id from memory.cold_part union all select user_id from memory.conversation_summary',
    );
    await client.end();
    assert.ok(rows.every((row) => row.user_id !== key.userId));
  });
}

function claimSummaries(name: string, rig: Rig): void {
  test(`${name}: a summary is asked for once, read from the cold, and counts until more is said`, async () => {
    const key = await fill(rig);
    const store = rig.store();
    const due = () =>
      store.listUnsummarized(key.userId, { limit: 9, triedBefore: '2026-01-01T00:00:00.000Z' });
    assert.deepEqual(await due(), [], 'it is in use');
    await chill(rig, key);
    assert.deepEqual(await due(), [key.conversationId]);
    const prepared = await store.prepareSummary(key);
    assert.ok(prepared.isWanted);
    assert.match(
      prepared.text,
      /^user: What is the time.*\n\nassistant: Once more\.\n\nIt is late/,
    );
    assert.doesNotMatch(prepared.text, /I will look/, 'what was begun anew was never said');
    const { messageCount } = prepared;
    await store.saveSummary(key, { text: null, by: 'The budget is used up.', messageCount });
    assert.deepEqual(await due(), [], 'not again at once');
    await store.saveSummary(key, { text: 'The time in Tokyo.', by: 'zai/glm-5', messageCount });
    assert.equal((await store.findConversation(key))?.summary, 'The time in Tokyo.');
    const more = place(key.conversationId, [asked(makeId(), 'More')], 11);
    await store.apply(key, more);
    assert.equal((await store.findConversation(key))?.summary, undefined);
    assert.equal(await store.saveSummary(key, { text: 'Late', by: 'x', messageCount }), false);
  });
}

function claimKills(name: string, rig: Rig): void {
  const cuts = 40;

  test(`${name}: broken off anywhere in a move, each conversation is whole and in one form`, async () => {
    const proxy = await startCuttingProxy(rig.url);
    const db = openTables(proxy.url);
    const store = openMemoryStore(db);
    const key = await fill(rig);
    const whole = await rig.store().readEvents(key, everything);
    const outcomes = { brokenOff: 0, done: 0 };
    try {
      for (let cut = 0; cut < cuts; cut += 1) {
        const isCold = (await rig.store().findConversation(key))?.tier === 'cold';
        const moving = isCold
          ? store.restoreConversation(key)
          : store.chillConversation({ ...key, seq: whole.length });
        const outcome = moving.then(
          () => 'done' as const,
          () => 'brokenOff' as const,
        );
        await setTimeout(cut % 16);
        proxy.cutOne(0);
        outcomes[await outcome] += 1;
        const { cold_part, event, message } = await rowsOf(rig, key);
        const form = `${event.length} ${message.length} ${cold_part.length}`;
        assert.ok(form === '10 4 0' || form === '0 0 1', form);
        assert.deepEqual(await rig.store().readEvents(key, everything), whole);
      }
    } finally {
      await db.close();
      await proxy.stop();
    }
    assert.ok(outcomes.brokenOff > 3, JSON.stringify(outcomes));
  });
}
