import assert from 'node:assert/strict';
import { after, before, test } from 'node:test';
import {
  getContext,
  listConversations,
  listMemories,
  makeId,
  removeMemory,
  saveMemory,
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
  return waitFor(look, { what, timeoutMs: 10_000, everyMs: 50 });
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
