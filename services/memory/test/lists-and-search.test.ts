import assert from 'node:assert/strict';
import { after, before, test } from 'node:test';
import {
  getContext,
  listConversations,
  listEvents,
  makeId,
  searchConversations,
} from '@mosaic/proto';
import { asked, completed, created, type EventDraft, toolCalled } from './event-drafts.ts';
import { type Conversation, type MemoryStack, startMemoryStack } from './memory-stack.ts';

let stack: MemoryStack;
before(async () => {
  stack = await startMemoryStack();
  await stack.startMemory();
});
after(() => stack.stop());

async function keep(userId: string, ...drafts: readonly EventDraft[]): Promise<Conversation> {
  const talk = stack.conversation(userId);
  const seq = await talk.append(created(), ...drafts);
  const request = { conversationId: talk.id, seq };
  await stack.agents.call(getContext, request, { caller: stack.caller(userId) });
  return talk;
}

async function search(userId: string, query: string) {
  const options = { caller: stack.caller(userId) };
  return (await stack.gateway.call(searchConversations, { query }, options)).hits;
}

test('the list goes page by page, last used first, without a gap or a repeat', async () => {
  const talks: Conversation[] = [];
  for (let count = 0; count < 7; count += 1) talks.push(await keep('lily', asked(makeId(), 'hi')));
  const expected = talks.map((talk) => talk.id).reverse();
  const seen: string[] = [];
  let cursor: string | null = null;
  do {
    const request: { limit: number; cursor?: string } =
      cursor === null ? { limit: 3 } : { limit: 3, cursor };
    const page = await stack.gateway.call(listConversations, request, {
      caller: stack.caller('lily'),
    });
    seen.push(...page.conversations.map((one) => one.id));
    cursor = page.nextCursor;
  } while (cursor !== null);
  assert.deepEqual(seen, expected);
  const foreign = { cursor: 'bm90IGEgY3Vyc29y' };
  const options = { caller: stack.caller('lily') };
  await assert.rejects(stack.gateway.call(listConversations, foreign, options), {
    code: 'bad_request',
  });
});

test('events come oldest first, after a number or the newest before one', async () => {
  const questions = Array.from({ length: 9 }, (_, index) => asked(makeId(), `no ${index}`));
  const talk = await keep('emil', ...questions);
  const page = async (query: { afterSeq?: number; beforeSeq?: number; limit?: number }) => {
    const request = { conversationId: talk.id, ...query };
    const options = { caller: stack.caller('emil') };
    const { events, hasMore } = await stack.gateway.call(listEvents, request, options);
    return [events.map((event) => event.seq), hasMore];
  };
  assert.deepEqual(await page({ afterSeq: 2, limit: 3 }), [[3, 4, 5], true]);
  assert.deepEqual(await page({ afterSeq: 7 }), [[8, 9, 10], false]);
  assert.deepEqual(await page({ beforeSeq: 8, limit: 3 }), [[5, 6, 7], true]);
  assert.deepEqual(await page({ beforeSeq: 3, limit: 3 }), [[1, 2], false]);
});

test('pages and contexts larger than a message of the bus are cut, and say so', async () => {
  const questions = Array.from({ length: 5 }, () => asked(makeId(), 'x'.repeat(300_000)));
  const talk = await keep('lars', ...questions);
  const options = { caller: stack.caller('lars') };
  const page = await stack.gateway.call(listEvents, { conversationId: talk.id }, options);
  assert.ok(page.events.length < 6);
  assert.equal(page.hasMore, true);
  const request = { conversationId: talk.id, seq: 6 };
  const context = await stack.agents.call(getContext, request, options);
  assert.ok(context.turns.length >= 2 && context.turns.length < 5);
});

test('one word of many is enough, the best match comes first and is marked', async () => {
  const both = await keep('nora', asked(makeId(), 'My sister Greta plays the violin in Lübeck.'));
  const one = await keep('nora', asked(makeId(), 'The violin shop was closed.'));
  const hits = await search('nora', 'Which violin does Greta play?');
  assert.deepEqual(
    hits.map((hit) => hit.conversationId),
    [both.id, one.id],
  );
  assert.match(hits[0]?.snippet ?? '', /«Greta» «plays» the «violin»/);
  assert.equal((await search('nora', 'lübeck')).length, 1);
  assert.deepEqual(await search('nora', 'bicycle'), []);
});

test('words without meaning match only when there are no others', async () => {
  await keep('theo', asked(makeId(), 'the the the'), asked(makeId(), 'a pear'));
  assert.equal((await search('theo', 'the pear')).length, 1);
  assert.equal((await search('theo', 'the')).length, 1);
});

test('signs that mean something to the database are only text', async () => {
  await keep('olga', asked(makeId(), "profit & loss: 100% | it's (fine)"));
  for (const query of ["it's", 'profit & !loss', '(((', "'; drop table message; --", '%', '«»']) {
    await search('olga', query);
  }
  assert.equal((await search('olga', 'loss!')).length, 1);
});

test('text without blanks between its words is found by its characters', async () => {
  const talk = await keep(
    'ming',
    asked(makeId(), '我昨天在北京学习机器学习，非常有意思。'),
    asked(makeId(), '今天的天气很好。'),
  );
  const hits = await search('ming', '机器学习');
  assert.deepEqual(
    hits.map((hit) => [hit.conversationId, hit.snippet]),
    [[talk.id, '我昨天在北京«学习机器学习»，非常有意思。']],
  );
});

test('an answer is found by the text of each of its steps, a restarted run by its new text alone', async () => {
  const message = makeId();
  const talk = await keep(
    'anna',
    asked(message, 'go'),
    toolCalled('run1', 'call1', 'Looking for walnuts.'),
    { type: 'turn.restarted', run: 'run2', previousRun: 'run1', messageId: message, why: 'lost' },
    toolCalled('run2', 'call2', 'Looking for hazelnuts.'),
    completed('run2', message, 'Here are almonds.'),
  );
  assert.deepEqual(await search('anna', 'walnuts'), []);
  for (const word of ['hazelnuts', 'almonds']) {
    const [hit] = await search('anna', word);
    assert.equal(hit?.conversationId, talk.id);
    assert.equal(hit?.messageId, 'run2');
    assert.equal(hit?.role, 'assistant');
  }
});
