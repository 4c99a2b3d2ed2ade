import assert from 'node:assert/strict';
import { after, before, test } from 'node:test';
import { setTimeout as delay } from 'node:timers/promises';
import {
  conversationLog,
  getContext,
  getConversation,
  listConversations,
  listEvents,
  makeId,
  searchConversations,
  sweepRetention,
} from '@mosaic/proto';
import { asked, completed, created, toolCalled, toolFinished } from './event-drafts.ts';
import { type MemoryStack, startMemoryStack } from './memory-stack.ts';

let stack: MemoryStack;
before(async () => {
  stack = await startMemoryStack();
  await stack.startMemory();
});
after(() => stack.stop());

function contextOf(userId: string, conversationId: string, at: { seq: number; maxTurns?: number }) {
  const request = { conversationId, ...at };
  return stack.agents.call(getContext, request, { caller: stack.caller(userId) });
}

test('a reader who names what was written gets it, with roles and tool calls', async () => {
  const talk = stack.conversation('rita');
  const message = makeId();
  const seq = await talk.append(
    created('Time'),
    asked(message, 'What time is it?'),
    toolCalled('run1', 'call1', 'I look.'),
    toolFinished('run1', 'call1', 'noon'),
    completed('run1', message, 'It is noon.'),
  );
  const context = await contextOf('rita', talk.id, { seq });
  assert.equal(context.seq, 5);
  assert.deepEqual(context.memories, []);
  assert.deepEqual(
    context.turns.map((turn) => turn.role),
    ['user', 'assistant', 'tool', 'assistant'],
  );
  const options = { caller: stack.caller('rita') };
  const request = { conversationId: talk.id, minSeq: seq };
  const { conversation } = await stack.gateway.call(getConversation, request, options);
  assert.equal(conversation.title, 'Time');
  assert.equal(conversation.messageCount, 2);
});

test('a context of few turns begins with a question and keeps calls with their results', async () => {
  const talk = stack.conversation('rita');
  await talk.append(created());
  let seq = 0;
  for (let round = 1; round <= 4; round += 1) {
    const message = makeId();
    seq = await talk.append(
      asked(message, `question ${round}`),
      toolCalled(`run${round}`, `call${round}`),
      toolFinished(`run${round}`, `call${round}`, 'done'),
      completed(`run${round}`, message, `answer ${round}`),
    );
  }
  const rolesOf = async (maxTurns: number) =>
    (await contextOf('rita', talk.id, { seq, maxTurns })).turns.map((turn) => turn.role);
  const round = ['user', 'assistant', 'tool', 'assistant'];
  assert.deepEqual(await rolesOf(400), [...round, ...round, ...round, ...round]);
  assert.deepEqual(await rolesOf(9), [...round, ...round]);
  assert.deepEqual(await rolesOf(4), round);
  assert.deepEqual(await rolesOf(2), round);
});

test('waiting for an event that never comes ends with the deadline', async () => {
  const talk = stack.conversation('rita');
  await talk.append(created());
  const request = { conversationId: talk.id, seq: 9 };
  const options = { caller: stack.caller('rita'), timeoutMs: 400 };
  const waiting = stack.agents.call(getContext, request, options);
  await assert.rejects(waiting, { code: 'deadline_exceeded' });
});

test('events stay in order and once, with many conversations and two replicas', async () => {
  const replica = await stack.startMemory();
  const talks = Array.from({ length: 6 }, () => stack.conversation('otto'));
  await Promise.all(
    talks.map(async (talk) => {
      await talk.append(created());
      for (let count = 1; count <= 10; count += 1)
        await talk.append(asked(makeId(), `no ${count}`));
    }),
  );
  for (const talk of talks) {
    const { turns } = await contextOf('otto', talk.id, { seq: 11 });
    const texts = turns.map((turn) => (turn.role === 'user' ? turn.content[0] : undefined));
    const expected = Array.from({ length: 10 }, (_, index) => ({
      type: 'text',
      text: `no ${index + 1}`,
    }));
    assert.deepEqual(texts, expected);
  }
  await replica.stop();
});

test('text that PostgreSQL refuses does not stop a conversation', async () => {
  const talk = stack.conversation('otto');
  const text = `zero \0, half \ud83d, path C:\\u0000 and ${'漢字 '.repeat(60_000)}`;
  const seq = await talk.append(created(), asked(makeId(), text), asked(makeId(), 'next'));
  const { turns } = await contextOf('otto', talk.id, { seq });
  assert.equal(turns.length, 2);
  const first = JSON.stringify(turns[0]);
  assert.match(first, /zero \ufffd, half \ufffd, path C:\\\\u0000 and/);
});

test('while PostgreSQL is down nothing is lost, and memory catches up', {
  timeout: 110_000,
}, async () => {
  const talk = stack.conversation('petra');
  await talk.append(created());
  await contextOf('petra', talk.id, { seq: 1 });
  await stack.stopDatabase();
  const seq = await talk.append(
    asked(makeId(), 'written in the dark'),
    asked(makeId(), 'and more'),
  );
  const options = { caller: stack.caller('petra') };
  const reading = stack.gateway.call(listConversations, {}, options);
  await assert.rejects(reading, { code: 'service_unavailable' });
  await stack.startDatabase();
  const request = { conversationId: talk.id, seq };
  const catchUp = { caller: stack.caller('petra'), timeoutMs: 20_000 };
  let context: { turns: readonly unknown[] } | undefined;
  for (let attempt = 0; context === undefined && attempt < 20; attempt += 1) {
    context = await stack.agents.call(getContext, request, catchUp).catch(() => undefined);
    if (context === undefined) await delay(250);
  }
  assert.equal(context?.turns.length, 2);
});

test('a deleted conversation leaves no row to read and one event in the log', async () => {
  const talk = stack.conversation('dora');
  const options = { caller: stack.caller('dora') };
  const seq = await talk.append(created('Secret'), asked(makeId(), 'forget the marzipan'));
  await contextOf('dora', talk.id, { seq });
  await talk.append({ type: 'conversation.deleted' });
  const tokens = { userId: 'dora', conversationId: talk.id };
  for (let left = 3; left > 1; await delay(20)) {
    left = 0;
    const log = stack.agents.read(conversationLog, { tokens, untilCaughtUp: true });
    for await (const _event of log) left += 1;
  }
  assert.equal((await stack.agents.firstOf(conversationLog, tokens))?.fact.seq, 3);
  const gone = { code: 'not_found' };
  const request = { conversationId: talk.id };
  await assert.rejects(stack.gateway.call(getConversation, request, options), gone);
  await assert.rejects(stack.gateway.call(listEvents, request, options), gone);
  await assert.rejects(contextOf('dora', talk.id, { seq: 0 }), gone);
  const found = await stack.gateway.call(searchConversations, { query: 'marzipan' }, options);
  assert.deepEqual(found.hits, []);
  const list = await stack.gateway.call(listConversations, {}, options);
  assert.deepEqual(list.conversations, []);
});

test('the sweep removes what was untouched for too long, from rows and log, for all users', async () => {
  const talks = ['sven', 'tina'].map((userId) => ({ userId, talk: stack.conversation(userId) }));
  for (const { userId, talk } of talks) {
    const seq = await talk.append(created(), asked(makeId(), 'old'));
    await contextOf(userId, talk.id, { seq });
  }
  const kept = await stack.jobs.call(sweepRetention, { untouchedSince: null });
  assert.equal(kept.conversations, 0);
  await delay(5);
  const untouchedSince = new Date().toISOString();
  const young = stack.conversation('tina');
  const seq = await young.append(created(), asked(makeId(), 'new'));
  await contextOf('tina', young.id, { seq });
  const swept = await stack.jobs.call(sweepRetention, { untouchedSince });
  assert.ok(swept.conversations >= 2);
  for (const { userId, talk } of talks) {
    const tokens = { userId, conversationId: talk.id };
    assert.equal(await stack.agents.lastOf(conversationLog, tokens), undefined);
    await assert.rejects(contextOf(userId, talk.id, { seq: 0 }), { code: 'not_found' });
  }
  assert.equal((await contextOf('tina', young.id, { seq: 2 })).turns.length, 1);
});
