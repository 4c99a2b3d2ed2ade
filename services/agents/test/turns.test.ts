import assert from 'node:assert/strict';
import { after, before, test } from 'node:test';
import { setTimeout as pause } from 'node:timers/promises';
import {
  type CompletionPart,
  type ConversationEvent,
  cancelTurn,
  conversationLog,
  deleteConversation,
  live,
  makeId,
  updateConversation,
} from '@mosaic/proto';
import { decision, start } from '@mosaic/test-kit/samples';
import { end, say, startTurnRig, type TurnRig } from './turn-rig.ts';

let rig: TurnRig;
before(async () => {
  rig = await startTurnRig();
  await rig.startWorker();
});
after(() => rig.stop());

const types = (events: readonly ConversationEvent[]) => events.map((event) => event.type);

test('answers a message with one gapless log', async () => {
  rig.answerWith(() => say('Herman Melville.'));
  const conversation = await rig.open();
  await rig.send(conversation, 'Who wrote Moby Dick?');
  const events = await rig.until(conversation, 'turn.completed');
  assert.deepEqual(types(events), [
    'conversation.created',
    'message.added',
    'turn.routed',
    'turn.completed',
  ]);
  assert.deepEqual(
    events.map((event) => event.seq),
    [1, 2, 3, 4],
  );
  const last = events.at(-1);
  assert.ok(last?.type === 'turn.completed');
  assert.equal(last.text, 'Herman Melville.');
  assert.equal(last.reason, decision.reason);
  assert.equal(last.cost.usd, 0.001);
});

test('shows the whole history to the model as turns with roles', async () => {
  rig.answerWith(() => say('Noted.'));
  const conversation = await rig.open();
  await rig.send(conversation, 'My cat is called Kater.');
  await rig.until(conversation, 'turn.completed');
  await rig.send(conversation, 'What is my cat called?');
  await rig.until(conversation, 'turn.completed', 2);
  assert.deepEqual(rig.asked.at(-1)?.turns, [
    { role: 'user', content: [{ type: 'text', text: 'My cat is called Kater.' }] },
    {
      role: 'assistant',
      content: [{ type: 'text', text: 'Noted.' }],
      by: { provider: 'anthropic', model: 'claude-haiku-4-5' },
    },
    { role: 'user', content: [{ type: 'text', text: 'What is my cat called?' }] },
  ]);
});

test('keeps the order of messages that arrive while a turn runs', async () => {
  rig.answerWith(async function* (request) {
    const said = JSON.stringify(request.turns.at(-1));
    await pause(50);
    yield* say(said.includes('one') ? 'first' : 'later');
  });
  const conversation = await rig.open();
  for (const text of ['one', 'two', 'three', 'four']) await rig.send(conversation, text);
  const events = await rig.until(conversation, 'turn.completed', 4);
  const asked = events.flatMap((event) => (event.type === 'message.added' ? [event.text] : []));
  assert.deepEqual(asked, ['one', 'two', 'three', 'four']);
});

test('the same message sent twice is answered once', async () => {
  rig.answerWith(() => say('once'));
  const conversation = await rig.open();
  const messageId = makeId();
  await rig.send(conversation, 'hello', { messageId });
  await rig.send(conversation, 'hello', { messageId });
  await rig.until(conversation, 'turn.completed');
  await rig.send(conversation, 'next');
  const events = await rig.until(conversation, 'turn.completed', 2);
  assert.equal(types(events).filter((type) => type === 'message.added').length, 2);
});

test('runs tools in the log and gives their results back to the model', async () => {
  rig.answerWith(async function* (request): AsyncIterable<CompletionPart> {
    if (request.turns.at(-1)?.role === 'tool') return yield* say('It is that time.');
    yield start;
    yield { type: 'text', text: 'Let me look.' };
    const call = { id: 'k1', name: 'current_time', arguments: { timeZone: 'Europe/Rome' } };
    yield { type: 'tool-call', call };
    yield end('tool-calls');
  });
  const conversation = await rig.open();
  await rig.send(conversation, 'What time is it?');
  const events = await rig.until(conversation, 'turn.completed');
  assert.deepEqual(types(events).slice(3), ['tool.called', 'tool.finished', 'turn.completed']);
  const finished = events.find((event) => event.type === 'tool.finished');
  assert.ok(finished?.type === 'tool.finished' && !finished.isError);
  const completed = events.at(-1);
  assert.ok(completed?.type === 'turn.completed');
  assert.equal(completed.usage?.outputTokens, 10, 'both model calls are counted');
  assert.equal(completed.step, 1);
});

test('the model gets its own thinking back within a turn, sealed as it was and under its name', async () => {
  rig.asked.length = 0;
  rig.answerWith(async function* (request): AsyncIterable<CompletionPart> {
    if (request.turns.at(-1)?.role === 'tool') return yield* say('It is that time.');
    yield { ...start, provider: 'zai', model: 'glm-5' } as CompletionPart;
    yield { type: 'reasoning', text: 'A clock ' };
    yield { type: 'reasoning', text: 'would help.' };
    yield { type: 'reasoning', text: '', signature: 'sealed' };
    yield { type: 'reasoning', text: '', signature: 'redacted:abc' };
    yield { type: 'tool-call', call: { id: 'k1', name: 'current_time', arguments: {} } };
    yield end('tool-calls');
  });
  const conversation = await rig.open();
  await rig.send(conversation, 'What time is it?');
  await rig.until(conversation, 'turn.completed');
  await rig.send(conversation, 'And now?');
  await rig.until(conversation, 'turn.completed', 2);
  for (const request of [rig.asked[1], rig.asked[2]]) {
    const turn = request?.turns.find((one) => one.role === 'assistant');
    assert.ok(turn?.role === 'assistant');
    assert.deepEqual(turn.by, { provider: 'zai', model: 'glm-5' });
    assert.deepEqual(turn.content.slice(0, 2), [
      { type: 'reasoning', text: 'A clock would help.', signature: 'sealed' },
      { type: 'reasoning', text: '', signature: 'redacted:abc' },
    ]);
  }
});

test('what the rule asks of the model goes with every step', async () => {
  rig.decideWith({ ...decision, params: { effort: 'low', maxOutputTokens: 500 } });
  rig.asked.length = 0;
  rig.answerWith(() => say('Hi.'));
  const conversation = await rig.open();
  await rig.send(conversation, 'Hello');
  await rig.until(conversation, 'turn.completed');
  rig.decideWith(decision);
  assert.equal(rig.asked[0]?.effort, 'low');
  assert.equal(rig.asked[0]?.maxOutputTokens, 500);
});

test('what the model could not be given is said once with the answer', async () => {
  rig.answerWith(async function* (request): AsyncIterable<CompletionPart> {
    yield start;
    yield { type: 'warning', message: 'It takes no temperature.' };
    if (request.turns.at(-1)?.role !== 'tool') {
      yield { type: 'tool-call', call: { id: 'k1', name: 'current_time', arguments: {} } };
      yield end('tool-calls');
    } else {
      yield { type: 'text', text: 'Noon.' };
      yield end();
    }
  });
  const conversation = await rig.open();
  await rig.send(conversation, 'What time is it?');
  const completed = (await rig.until(conversation, 'turn.completed')).at(-1);
  assert.deepEqual(completed?.type === 'turn.completed' && completed.warnings, [
    'It takes no temperature.',
  ]);
});

test('a model that calls a tool its agent was not given gets nothing done', async () => {
  rig.answerWith(async function* (request): AsyncIterable<CompletionPart> {
    if (request.turns.at(-1)?.role === 'tool') return yield* say('Well then.');
    yield start;
    const args = { path: 'notes.txt', content: 'mine' };
    yield { type: 'tool-call', call: { id: 'k1', name: 'write_file', arguments: args } };
    yield end('tool-calls');
  });
  const conversation = await rig.open();
  await rig.send(conversation, 'Hello');
  const events = await rig.until(conversation, 'turn.completed');
  const finished = events.find((event) => event.type === 'tool.finished');
  assert.ok(finished?.type === 'tool.finished' && finished.isError);
  assert.match(finished.output, /There is no tool "write_file"/);
});

test('an agent brings its own system prompt and tools', async () => {
  rig.answerWith(() => say('ok'));
  const conversation = await rig.open();
  const caller = rig.caller;
  await rig.gateway.call(
    updateConversation,
    { conversationId: conversation, agent: 'coding-agent' },
    { caller },
  );
  await rig.send(conversation, 'List my files.');
  await rig.until(conversation, 'turn.completed');
  const asked = rig.asked.at(-1);
  assert.match(asked?.system ?? '', /software engineer/);
  assert.ok(asked?.tools.some((tool) => tool.name === 'write_file'));
  await assert.rejects(
    rig.gateway.call(
      updateConversation,
      { conversationId: conversation, agent: 'codng-agent' },
      { caller },
    ),
    { code: 'unknown_agent', message: /Did you mean "coding-agent"/ },
  );
});

test('a cancelled turn keeps what was said and ends once', async () => {
  let isStopped = false;
  rig.answerWith(async function* (_request, signal): AsyncIterable<CompletionPart> {
    yield start;
    yield { type: 'text', text: 'The answer is' };
    await new Promise((resolve) => signal.addEventListener('abort', resolve, { once: true }));
    isStopped = true;
    const failure = { code: 'cancelled', message: 'cancelled', isRetryable: false } as const;
    const cost = { usd: null, source: 'unknown' } as const;
    const timings = { firstTokenMs: 1, totalMs: 2 };
    yield {
      type: 'error',
      failure,
      phase: 'after-first-part',
      skipped: [],
      usage: null,
      cost,
      timings,
    };
  });
  const conversation = await rig.open();
  await rig.send(conversation, 'Think for long.');
  const tokens = { userId: rig.caller.userId, conversationId: conversation };
  const words = rig.gateway.read(live, { tokens, untilCaughtUp: false });
  for await (const { fact } of words) if (fact.text.includes('The answer is')) break;
  rig.gateway.publishLive(
    cancelTurn,
    { conversationId: conversation },
    { tokens, caller: rig.caller },
  );
  const events = await rig.until(conversation, 'turn.cancelled');
  const last = events.at(-1);
  assert.ok(last?.type === 'turn.cancelled' && last.text === 'The answer is');
  assert.ok(isStopped, 'the provider was told');
});

test('a failing provider ends the turn with the failure and the partial text', async () => {
  rig.answerWith(async function* (): AsyncIterable<CompletionPart> {
    yield start;
    yield { type: 'text', text: 'Half an' };
    throw new Error('the socket broke');
  });
  const conversation = await rig.open();
  await rig.send(conversation, 'hello');
  const events = await rig.until(conversation, 'turn.failed');
  const last = events.at(-1);
  assert.ok(last?.type === 'turn.failed');
  assert.equal(last.text, 'Half an');
});

test('a fallback is named in the reason', async () => {
  rig.answerWith(async function* (): AsyncIterable<CompletionPart> {
    const skipped = [
      { provider: 'anthropic', model: 'claude-haiku-4-5', why: 'overloaded' },
    ] as const;
    yield {
      type: 'start',
      provider: 'zai',
      model: 'glm-5',
      skipped: [...skipped],
      isSimulated: false,
    };
    yield { type: 'text', text: 'hi' };
    yield end();
  });
  const conversation = await rig.open();
  await rig.send(conversation, 'hello');
  const last = (await rig.until(conversation, 'turn.completed')).at(-1);
  assert.ok(last?.type === 'turn.completed');
  assert.equal(last.model, 'glm-5');
  assert.match(
    last.reason,
    /^glm-5 answered instead of anthropic\/claude-haiku-4-5 \(overloaded\)/,
  );
});

test('a deleted conversation stops its turn and takes no more messages', async () => {
  const { promise: isDeleted, resolve: goOn } = Promise.withResolvers<void>();
  rig.answerWith(async function* () {
    await isDeleted;
    yield* say('too late');
  });
  const conversation = await rig.open();
  await rig.send(conversation, 'hello');
  await rig.until(conversation, 'turn.routed');
  const request = { conversationId: conversation };
  await rig.gateway.call(deleteConversation, request, { caller: rig.caller });
  goOn();
  await rig.untilSettled(conversation);
  const tokens = { userId: rig.caller.userId, conversationId: conversation };
  const log = rig.gateway.read(conversationLog, { tokens, untilCaughtUp: true });
  const events = (await Array.fromAsync(log)).map(({ fact }) => fact);
  assert.equal(events.at(-1)?.type, 'conversation.deleted');
  assert.equal(types(events).includes('turn.completed'), false);
  await assert.rejects(rig.gateway.call(deleteConversation, request, { caller: rig.caller }), {
    code: 'not_found',
  });
});

test('nobody changes a conversation of somebody else', async () => {
  const conversation = await rig.open();
  const stranger = rig.bus.person('eve');
  await assert.rejects(
    rig.gateway.call(
      updateConversation,
      { conversationId: conversation, title: 'mine' },
      { caller: stranger },
    ),
    { code: 'not_found' },
  );
});
