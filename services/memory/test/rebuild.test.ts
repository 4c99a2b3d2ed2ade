import assert from 'node:assert/strict';
import { after, before, test } from 'node:test';
import {
  assertRoom,
  getContext,
  getConversation,
  listConversations,
  listEvents,
  listMemories,
  listUnsummarized,
  makeId,
  moveTiers,
  prepareExtraction,
  prepareSummary,
  readStorage,
  removeMemory,
  restoreConversation,
  saveMemory,
  saveSummary,
  searchConversations,
} from '@mosaic/proto';
import type { RunningService } from '@mosaic/service-kit';
import { waitFor } from '@mosaic/test-kit';
import pg from 'pg';
import { asked, completed, created } from './event-drafts.ts';
import { type MemoryStack, startMemoryStack } from './memory-stack.ts';

let stack: MemoryStack;
let running: RunningService | undefined;
before(async () => {
  stack = await startMemoryStack();
});
after(() => stack.stop());

/** Runs a statement as who owns the tables, as an operator with `psql` would. */
async function asLogin(statement: string) {
  const client = new pg.Client({ connectionString: stack.databaseUrl });
  await client.connect();
  await client.query(statement);
  await client.end();
}

async function listOf(userId: string) {
  const options = { caller: stack.caller(userId) };
  return (await stack.gateway.call(listConversations, {}, options)).conversations;
}

async function untilListed(userId: string, count: number, seq: number) {
  const look = async () => {
    const list = await listOf(userId);
    return list.filter((one) => one.seq === seq).length === count && list;
  };
  const what = `${count} conversations of ${userId}`;
  return waitFor(look, { what, timeoutMs: 60_000, everyMs: 50 });
}

test('what was said before memory ever ran is there, and an empty database is filled again', async () => {
  const talks = Array.from({ length: 3 }, () => stack.conversation('ida'));
  for (const talk of talks) {
    const message = makeId();
    await talk.append(created('Kept'), asked(message, 'rhubarb'), completed('run', message, 'ok'));
  }
  const first = await stack.startMemory();
  const before = await untilListed('ida', 3, 3);
  await first.stop();

  await asLogin('drop schema memory cascade');
  running = await stack.startMemory();
  assert.deepEqual(await untilListed('ida', 3, 3), before);
  const options = { caller: stack.caller('ida') };
  const { hits } = await stack.gateway.call(searchConversations, { query: 'rhubarb' }, options);
  assert.equal(hits.length, 3);
});

test('made anew, the projection is what it was, and what somebody removed does not come back', async () => {
  const talk = stack.conversation('una');
  await talk.append(created('Kept'), asked(makeId(), 'Remember that I juggle.'));
  await untilListed('una', 1, 2);
  const options = { caller: stack.caller('una') };
  const texts = async () =>
    (await stack.gateway.call(listMemories, {}, options)).memories.map((one) => one.text);
  assert.deepEqual(await texts(), ['I juggle']);
  await stack.gateway.call(saveMemory, { text: 'By hand' }, options);
  const [juggling] = (await stack.gateway.call(listMemories, {}, options)).memories.slice(-1);
  await stack.gateway.call(removeMemory, { id: juggling?.id ?? '' }, options);
  const before = await listOf('una');
  await running?.stop();
  await asLogin(`truncate memory.conversation cascade; update memory.projection set id = 'anew'`);
  running = await stack.startMemory();
  await untilListed('una', 1, 2);
  assert.deepEqual(await listOf('una'), before);
  assert.deepEqual(await texts(), ['By hand']);
});

test('what is cold is listed, read and found, goes on, and comes whole out of the log with its summary', async () => {
  const talk = stack.conversation('kim');
  const ids = [makeId(), makeId()];
  await talk.append(
    created('Lighthouses'),
    ...ids.flatMap((id) => [asked(id, 'Which lighthouse?'), completed(`of-${id}`, id, 'Skagen')]),
  );
  await untilListed('kim', 1, 5);
  const { gateway, jobs } = stack;
  const options = { caller: stack.caller('kim') };
  const conversationId = talk.id;
  const events = async () =>
    (await gateway.call(listEvents, { conversationId, limit: 1_000 }, options)).events;
  const found = async () =>
    (await gateway.call(searchConversations, { query: 'lighthouse' }, options)).hits.map(
      // How long ago something was said is a part of its score.
      ({ score: _score, ...hit }) => hit,
    );
  const use = async () => gateway.call(readStorage, {}, options);
  const head = async () =>
    (await gateway.call(getConversation, { conversationId }, options)).conversation;
  const before = { events: await events(), found: await found() };
  assert.deepEqual((await use()).due, { toWarm: 0, toCold: 0, freesBytes: 0 });

  const age = async (days: number) =>
    asLogin(`update memory.conversation set updated_at = now() - interval '${days} days'
      where user_id = 'kim'`);
  await age(40);
  assert.equal((await use()).due.toWarm, 1);
  assert.deepEqual((await jobs.call(moveTiers, { afterUser: 'kil' })).toWarm, 1);
  assert.equal((await head()).tier, 'warm');
  await age(200);
  const { conversations: due } = await jobs.call(listUnsummarized, { limit: 200 });
  assert.ok(due.some((one) => one.userId === 'kim' && one.conversationId === talk.id));
  // As when two turns come in one millisecond: the order is that of the log.
  await asLogin("update memory.message set at = now() where user_id = 'kim'");
  const prepared = await jobs.call(prepareSummary, { conversationId }, options);
  assert.ok(prepared.isWanted);
  assert.match(prepared.text, /^user: Which lighthouse\?\n\nassistant: Skagen/);
  const summary = { conversationId, messageCount: 4, text: 'Lighthouses: Skagen.', by: 'test/x' };
  await jobs.call(saveSummary, summary, options);
  const moved = await jobs.call(moveTiers, { afterUser: null });
  assert.equal(moved.toCold, 1);
  assert.ok(moved.freedBytes > 0 && moved.next === null && moved.failed === 0);
  assert.deepEqual(await jobs.call(moveTiers, { afterUser: null }), {
    ...{ toWarm: 0, toCold: 0, freedBytes: 0, failed: 0, next: null },
  });
  const { summary: shown, tier } = await head();
  assert.deepEqual([tier, shown], ['cold', 'Lighthouses: Skagen.']);
  assert.deepEqual({ events: await events(), found: await found() }, before);
  const { cold, hot } = await use();
  assert.deepEqual([hot.conversations, cold.conversations], [0, 1]);

  await running?.stop();
  await asLogin(`truncate memory.conversation cascade; update memory.projection set id = 'new'`);
  running = await stack.startMemory();
  await untilListed('kim', 1, 5);
  assert.deepEqual({ events: await events(), found: await found() }, before);
  await age(200);
  assert.equal((await jobs.call(moveTiers, { afterUser: 'kil' })).toCold, 1);
  assert.equal((await head()).summary, 'Lighthouses: Skagen.', 'nobody pays for it twice');

  const seq = await talk.append(asked(makeId(), 'And now?'));
  const { turns } = await stack.agents.call(getContext, { conversationId, seq }, options);
  assert.equal(turns.length, 5);
  assert.deepEqual([(await head()).tier, (await head()).summary], ['hot', undefined]);
  await age(200);
  await jobs.call(moveTiers, { afterUser: 'kil' });
  const restored = await gateway.call(restoreConversation, { conversationId }, options);
  assert.deepEqual(restored, { from: 'cold', tier: 'hot', events: 6 });
  assert.equal((await jobs.call(moveTiers, { afterUser: 'kil' })).toCold, 0, 'it counts as use');
  await age(200);
  await asLogin(`update memory.conversation set restored_at = null where user_id = 'kim'`);
  await jobs.call(moveTiers, { afterUser: 'kil' });
  await asLogin(`update memory.cold_part set checksum = '\\x00' where user_id = 'kim'`);
  const healed = await gateway.call(restoreConversation, { conversationId }, options);
  assert.deepEqual(healed, { from: 'cold', tier: 'hot', events: 6 });
  assert.equal((await events()).length, 6, 'what was damaged was made anew from the log');
});

test('who has reached a limit begins and saves nothing more, goes on, and is told what to do', async () => {
  await running?.stop();
  const counts = { MOSAIC_LIMIT_CONVERSATIONS: '2', MOSAIC_LIMIT_MEMORIES: '1' };
  const limits = { ...counts, MOSAIC_LIMIT_STORAGE_MEGABYTES: '1' };
  running = await stack.startMemory(limits);
  const options = { caller: stack.caller('lea') };
  const { gateway } = stack;
  await stack.conversation('lea').append(created());
  await untilListed('lea', 1, 1);
  await gateway.call(assertRoom, {}, options);
  const talk = stack.conversation('lea');
  await talk.append(created(), asked(makeId(), 'Remember that I row.'));
  await untilListed('lea', 1, 2);
  await assert.rejects(gateway.call(assertRoom, {}, options), {
    code: 'storage_full',
    message: /You have the 2 conversations .* Delete one/,
    details: { limit: 'conversations', most: 2 },
  });
  const save = (text: string) => gateway.call(saveMemory, { text }, options);
  await assert.rejects(save('I sail'), { code: 'storage_full', message: /the 1 memories/ });
  assert.equal((await save('I row')).isNew, false, 'what is known takes no room');
  const message = makeId();
  const seq = await talk.append(asked(message, 'Remember that I ski.'));
  const wish = { conversationId: talk.id, seq };
  const { standing, turns } = await stack.agents.call(getContext, wish, options);
  assert.equal(turns.length, 2, 'what is said is kept and answered all the same');
  assert.deepEqual(standing, []);
  const { memories } = await gateway.call(listMemories, {}, options);
  assert.deepEqual(
    memories.map(({ text }) => text),
    ['I row'],
  );
  const turn = { conversationId: talk.id, messageId: message, run: 'r', minSeq: seq };
  const prepared = await stack.jobs.call(prepareExtraction, turn, options);
  assert.match(prepared.isWanted ? '' : prepared.why, /the 1 memories/);
  const { full } = await gateway.call(readStorage, {}, options);
  assert.deepEqual(full, ['conversations', 'memories']);
  await gateway.call(assertRoom, {}, { caller: stack.caller('max') });
  const long = stack.conversation('max');
  const lines = Array.from({ length: 9 }, () => asked(makeId(), 'All of it. '.repeat(20_000)));
  await long.append(created(), ...lines);
  await untilListed('max', 1, 10);
  await assert.rejects(gateway.call(assertRoom, {}, { caller: stack.caller('max') }), {
    code: 'storage_full',
    details: { limit: 'bytes', most: 1_000_000 },
  });
});

test('a database older than what was acknowledged is completed from the log when it is asked', async () => {
  const talk = stack.conversation('otis');
  const seq = await talk.append(created(), asked(makeId(), 'one'), asked(makeId(), 'two'));
  const options = { caller: stack.caller('otis') };
  const context = () => stack.agents.call(getContext, { conversationId: talk.id, seq }, options);
  const whole = await context();
  await asLogin(`delete from memory.conversation where id = '${talk.id}'`);
  assert.deepEqual(await listOf('otis'), []);
  assert.deepEqual(await context(), whole);
  assert.equal((await listOf('otis')).length, 1);
});
