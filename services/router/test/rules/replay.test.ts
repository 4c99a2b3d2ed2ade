import assert from 'node:assert/strict';
import { after, before, test } from 'node:test';
import { type ConversationEvent, makeId, type RouteDecision, replayRules } from '@mosaic/proto';
import { decision } from '@mosaic/test-kit/samples';
import { type RulesStack, startRulesStack } from './rules-stack.ts';

let stack: RulesStack;
before(async () => {
  stack = await startRulesStack();
  await stack.startRouter();
});
after(() => stack.stop());

const whoWrote = 'Who wrote Moby Dick?';
const summarise = 'Summarize this article in three sentences: The council met on Tuesday.';

/** A conversation of somebody, its messages a minute apart, each routed to GLM-5 then. */
function talk(userId: string, texts: readonly string[], pinned: string | null = null): string {
  const conversationId = makeId();
  let seq = 0;
  const startMs = Date.parse('2026-11-20T10:00:00.000Z');
  const place = () => {
    seq += 1;
    return { conversationId, seq, at: new Date(startMs + seq * 60_000).toISOString() };
  };
  const then: RouteDecision = { ...decision, provider: 'zai', model: 'glm-5' };
  const events: ConversationEvent[] = [
    { ...place(), type: 'conversation.created', title: null, agent: 'assistant', model: pinned },
  ];
  for (const text of texts) {
    const messageId = makeId();
    const run = makeId();
    events.push({ ...place(), type: 'message.added', messageId, text });
    const routed = { run, messageId, agent: 'assistant', decision: then };
    events.push({ ...place(), type: 'turn.routed', ...routed });
  }
  stack.logs.set(`${userId}/${conversationId}`, events);
  return conversationId;
}

const toGpt = {
  name: 'facts-to-gpt',
  priority: 1,
  when: [{ field: 'taskType', op: 'is', value: 'simple_qa' }],
  then: { model: 'gpt-5.4', fallbacks: ['glm-5'] },
};

test('a changed rule set says what moves, from which model to which, and what that costs', async () => {
  const caller = stack.bus.person('mia');
  const conversationId = talk('mia', [whoWrote, summarise, 'Thanks!']);
  const seen = await stack.gateway.call(replayRules, { rules: [toGpt] }, { caller });
  assert.equal(seen.messages, 3);
  assert.equal(seen.isComplete, true);
  assert.deepEqual(
    seen.moved.map(({ conversationId: id, from, text, to, was }) => [
      id,
      text,
      was?.model,
      from?.model,
      to?.model,
      to?.rule,
    ]),
    [[conversationId, whoWrote, 'glm-5', 'claude-haiku-4-5', 'gpt-5.4', 'facts-to-gpt']],
  );
  const { difference, from, to } = seen.expectedCostUsd;
  assert.ok(to > from);
  assert.equal(difference, to - from);
  // It was only a question: nothing was saved.
  assert.equal((await stack.decide(caller, whoWrote)).rule, 'simple');
});

test('leaving a rule out is a change too', async () => {
  const caller = stack.bus.person('lea');
  talk('lea', [summarise]);
  const { moved } = await stack.gateway.call(replayRules, { without: ['summary'] }, { caller });
  assert.deepEqual(
    moved.map(({ from, to }) => [from?.rule, to?.rule]),
    [['summary', 'conversation']],
  );
});

test('only one’s own messages are looked at, newest first, and no more than asked for', async () => {
  const caller = stack.bus.person('tom');
  talk('somebody-else', [whoWrote, whoWrote]);
  talk('tom', [whoWrote, summarise, whoWrote]);
  const wish = { rules: [toGpt], limit: 2 };
  const seen = await stack.gateway.call(replayRules, wish, { caller });
  assert.deepEqual([seen.messages, seen.isComplete, seen.moved.length], [2, false, 1]);
  const nobody = { caller: stack.bus.person('nobody') };
  assert.equal((await stack.gateway.call(replayRules, wish, nobody)).messages, 0);
});

test('a message whose model was pinned stays where it is whatever the rules say', async () => {
  const caller = stack.bus.person('pia');
  talk('pia', [whoWrote], 'claude-opus-4-6');
  const { messages, moved } = await stack.gateway.call(replayRules, { rules: [toGpt] }, { caller });
  assert.deepEqual([messages, moved], [1, []]);
});

test('a rule that can not be read is refused before anything is looked at', async () => {
  const caller = stack.bus.person('mia');
  const broken = { ...toGpt, when: [{ field: 'taskTyp', op: 'is', value: 'x' }] };
  await assert.rejects(stack.gateway.call(replayRules, { rules: [broken] }, { caller }), {
    code: 'bad_request',
    message: /taskType/,
  });
});
