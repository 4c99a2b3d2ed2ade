import assert from 'node:assert/strict';
import { after, before, test } from 'node:test';
import { answerText, makeId } from '@mosaic/proto';
import { launchMosaic, type RunningMosaic, waitFor } from '@mosaic/test-kit';
import { owner, type Person, type Socket, signUp } from './person.ts';

let mosaic: RunningMosaic;
let me: Person;
before(async () => {
  mosaic = await launchMosaic();
  me = owner(mosaic);
});
after(() => mosaic.stop());

/** The model that friendly words go to. */
const talker = 'claude-sonnet-4-6';

function lastAnswer(socket: Socket, conversationId: string): string {
  const message = socket.view(conversationId).messages.at(-1);
  return message?.role === 'assistant' ? answerText(message) : '';
}

const completions = () =>
  mosaic.vendors.journal.filter((entry) => /messages|responses|chat/.test(entry.path));

test('a message is routed, streamed, stored and answered with the model and the reason', async () => {
  const id = await me.open();
  const answer = await me.say(id, 'What is the capital of Australia?');
  assert.equal(answer.status, 'completed');
  assert.equal(answer.model, 'claude-haiku-4-5');
  assert.equal(answer.provider, 'anthropic');
  assert.equal(answer.rule, 'simple');
  assert.match(answer.reason, /Claude Haiku 4\.5/);
  assert.ok(answer.usage.outputTokens > 0);
  assert.equal(typeof answer.costUsd, 'number');
  const { body } = await me.request('GET', `/api/conversations/${id}/messages`);
  assert.deepEqual(
    body.messages.map((message: { role: string }) => message.role),
    ['user', 'assistant'],
  );
});

test('each message of one conversation is routed by itself', async () => {
  const id = await me.open();
  const models = [];
  for (const text of [
    'What is the capital of Australia?',
    'Implement a Python class for an LRU cache with TTL, thread safety and unit tests.',
    'Summarize this in one sentence: The council met on Tuesday and agreed on a budget.',
  ]) {
    models.push((await me.say(id, text)).model);
  }
  assert.deepEqual(models, ['claude-haiku-4-5', 'claude-opus-4-6', 'glm-5']);
});

test('the model is shown the whole history as turns with roles', async () => {
  const id = await me.open();
  await me.say(id, 'My cat is called Kater.');
  await me.say(id, 'My dog is called Hund.');
  await me.say(id, 'What is the capital of Peru?');
  const body = completions().findLast((entry) => JSON.stringify(entry.body).includes('Peru'))?.body;
  const { messages } = body as { messages: { role: string; content: unknown }[] };
  assert.deepEqual(
    messages.map((message) => message.role),
    ['user', 'assistant', 'user', 'assistant', 'user'],
  );
  assert.match(JSON.stringify(messages[0]?.content), /Kater/);
  assert.match(JSON.stringify(messages[2]?.content), /Hund/);
});

test('tokens come over the socket before the end, and a second client sees the same', async () => {
  const id = await me.open();
  const chunks = ['one two ', 'three four ', 'five six ', 'seven eight'];
  mosaic.vendors.script({ model: talker, chunks, holdAfter: 2 });
  const [first, second] = await Promise.all([me.socket(), me.socket()]);
  for (const socket of [first, second]) {
    socket.send({ type: 'subscribe', conversationId: id, after: 0 });
    await socket.until((frame) => frame.type === 'live');
  }
  const messageId = makeId();
  first.send({ type: 'send', conversationId: id, messageId, text: 'Hello there, friend' });
  await first.until((frame) => frame.type === 'accepted');
  for (const socket of [first, second]) {
    await waitFor(() => lastAnswer(socket, id) === 'one two three four ');
  }
  mosaic.vendors.goOn();
  for (const socket of [first, second]) {
    await socket.until((frame) => frame.type === 'event' && frame.event.type === 'turn.completed');
    const answer = socket.view(id).messages.at(-1);
    assert.ok(answer?.role === 'assistant');
    assert.equal(answerText(answer), 'one two three four five six seven eight');
  }
  assert.deepEqual(first.view(id), second.view(id));
  await Promise.all([first.close(), second.close()]);
});

test('a client that joins in mid-stream misses and doubles nothing', async () => {
  const id = await me.open();
  const words = Array.from({ length: 40 }, (_, index) => `word${index}`).join(' ');
  mosaic.vendors.script({ model: talker, reply: words, holdAfter: 20 });
  const sent = me.say(id, 'Tell me forty words, friend');
  const watcher = await me.socket();
  watcher.send({ type: 'subscribe', conversationId: id, after: 0 });
  await watcher.until((frame) => frame.type === 'delta');
  const seen = watcher.view(id).seq;
  await watcher.close();
  const again = await me.socket();
  again.send({ type: 'subscribe', conversationId: id, after: 0 });
  await again.until((frame) => frame.type === 'delta');
  const half = again.view(id).messages.at(-1);
  assert.ok(half?.role === 'assistant' && words.startsWith(answerText(half)));
  assert.ok(seen >= 2);
  mosaic.vendors.goOn();
  await sent;
  await again.until((frame) => frame.type === 'event' && frame.event.type === 'turn.completed');
  const whole = again.view(id).messages.at(-1);
  assert.ok(whole?.role === 'assistant');
  assert.equal(answerText(whole), words);
  await again.close();
});

test('sending the same message twice answers it once', async () => {
  const id = await me.open();
  const messageId = makeId();
  const path = `/api/conversations/${id}/messages`;
  for (let round = 0; round < 3; round += 1) {
    const reply = await me.request('POST', path, { messageId, text: 'Hello hello' });
    assert.equal(reply.status, 202);
  }
  await me.say(id, 'And now, friend?');
  const { body } = await me.request('GET', path);
  assert.equal(body.messages.length, 4);
});

test('a vendor that fails before it shows anything is replaced, and the reason says so', async () => {
  const id = await me.open();
  mosaic.vendors.script({ vendor: 'anthropic', times: 4, fault: { kind: 'status', status: 529 } });
  const answer = await me.say(id, 'What is the capital of Kenya?');
  mosaic.vendors.clearScripts();
  assert.equal(answer.status, 'completed');
  assert.notEqual(answer.provider, 'anthropic');
  assert.match(answer.reason, /instead of anthropic\/claude-haiku-4-5/);
});

test('cancel stops the answer from any client and keeps what was said', async () => {
  const id = await me.open();
  mosaic.vendors.script({ model: talker, reply: 'x '.repeat(500), holdAfter: 20 });
  const socket = await me.socket();
  socket.send({ type: 'subscribe', conversationId: id, after: 0 });
  await me.request('POST', `/api/conversations/${id}/messages`, { text: 'Talk for long, friend' });
  await socket.until((frame) => frame.type === 'delta');
  await me.request('POST', `/api/conversations/${id}/cancel`);
  await socket.until((frame) => frame.type === 'event' && frame.event.type === 'turn.cancelled');
  const answer = socket.view(id).messages.at(-1);
  assert.ok(answer?.role === 'assistant' && answer.status === 'cancelled');
  assert.ok(answerText(answer).startsWith('x'));
  await socket.close();
});

test('programs that speak the OpenAI API are routed too', async () => {
  const reply = await me.request('POST', '/v1/chat/completions', {
    model: 'auto',
    messages: [{ role: 'user', content: 'What is the capital of Australia?' }],
  });
  assert.equal(reply.status, 200);
  assert.equal(reply.headers.get('x-mosaic-model'), 'claude-haiku-4-5');
  assert.equal(reply.headers.get('x-mosaic-provider'), 'anthropic');
  assert.ok(reply.headers.get('x-mosaic-rule'));
  assert.ok(reply.headers.get('x-mosaic-reason'));
  assert.ok(reply.body.choices[0].message.content.length > 0);
});

test('the title job names the conversation after its first answer', async () => {
  const id = await me.open();
  const socket = await me.socket();
  socket.send({ type: 'subscribe', conversationId: id, after: 0 });
  await me.say(id, 'What is the capital of Norway?');
  await socket.until(
    (frame) => frame.type === 'event' && frame.event.type === 'conversation.renamed',
  );
  assert.ok((socket.view(id).title ?? '').length > 2);
  await socket.close();
});

test('the usage and the cost in the ledger are the sums of what the answers said', async () => {
  const lena = await signUp(mosaic, 'lena');
  const id = await lena.open();
  const answers = [
    await lena.say(id, 'What is the capital of Chile?'),
    await lena.say(id, 'What time is it?'),
  ];
  const said = (part: string): number =>
    answers.reduce((sum, answer) => sum + answer.usage[part], 0);
  const row = await waitFor(async () => {
    const { body } = await lena.request('GET', '/api/usage?by=agent');
    // Titles are written for nobody's agent.
    const [first, ...others] = body.rows.filter((one: { key: string | null }) => one.key !== null);
    assert.deepEqual(others, []);
    return first?.tokens.outputTokens >= said('outputTokens') ? first : undefined;
  });
  assert.equal(row.key, 'assistant');
  assert.ok(row.calls > answers.length, 'a tool makes two calls of one answer');
  for (const part of Object.keys(row.tokens)) assert.equal(row.tokens[part], said(part), part);
  const costUsd = answers.reduce((sum, answer) => sum + answer.costUsd, 0);
  assert.ok(Math.abs(row.costUsd - costUsd) < 1e-9, `${row.costUsd} is not ${costUsd}`);
  assert.deepEqual([row.openCalls, row.unknownCostCalls], [0, 0]);
  const others = await (await signUp(mosaic, 'mona')).request('GET', '/api/usage');
  assert.deepEqual([others.status, others.body.rows], [200, []]);
  assert.equal((await lena.request('GET', '/api/usage?by=moon')).status, 400);
});

test('nobody can read, find, change, cancel or confirm a conversation of somebody else', async () => {
  const id = await me.open({ title: 'Secret canary plans' });
  await me.say(id, 'The canary word is xylophonist.');
  const eve = await signUp(mosaic, 'eve');
  const missing = makeId();
  const routes: [string, string, object?][] = [
    ['GET', ''],
    ['GET', '/messages'],
    ['GET', '/events?after=0'],
    ['GET', '/export'],
    ['PATCH', '', { title: 'mine' }],
    ['PATCH', '', { model: 'gpt-5.4' }],
    ['DELETE', ''],
    ['POST', '/messages', { text: 'hi' }],
    ['POST', '/messages?wait=1', { text: 'hi' }],
    ['POST', '/cancel'],
  ];
  for (const [method, path, body] of routes) {
    const theirs = await eve.request(method, `/api/conversations/${id}${path}`, body);
    const none = await eve.request(method, `/api/conversations/${missing}${path}`, body);
    assert.equal(theirs.status, 404, `${method} ${path}`);
    assert.equal(none.status, 404);
    const { traceId: _one, ...told } = theirs.body.error;
    const { traceId: _two, ...untold } = none.body.error;
    assert.deepEqual(told, untold, `${method} ${path} must not tell the two apart`);
  }
  const found = await eve.request('GET', '/api/conversations/search?q=xylophonist');
  assert.deepEqual(found.body.hits, []);
  const mine = await me.request('GET', '/api/conversations/search?q=xylophonist');
  assert.ok(mine.body.hits.length > 0);
  const recalled = await me.request('GET', '/api/memory/search?q=Who+is+a+xylophonist%3F&limit=3');
  assert.match(recalled.body.passages[0].text, /xylophonist/);
  assert.ok(recalled.body.passages[0].parts.words !== undefined);
  assert.match(recalled.body.signals.note, /keywords/i);
  const theirs = await eve.request('GET', '/api/memory/search?q=xylophonist');
  assert.deepEqual(theirs.body.passages, []);
  const empty = await me.request('GET', '/api/memory/search?q=');
  assert.equal(empty.status, 400);
  const list = await eve.request('GET', '/api/conversations');
  assert.deepEqual(list.body.conversations, []);

  const socket = await eve.socket();
  await socket.until((frame) => frame.type === 'welcome');
  const messageId = makeId();
  for (const frame of [
    { type: 'subscribe', conversationId: id, after: 0 },
    { type: 'send', conversationId: id, messageId, text: 'hi' },
    { type: 'cancel', conversationId: id },
  ]) {
    const before = socket.frames.length;
    socket.send(frame);
    await socket.until((one) => socket.frames.indexOf(one) >= before && one.type === 'error');
    const last = socket.frames.at(-1);
    assert.ok(last?.type === 'error' && last.error.code === 'not_found', JSON.stringify(last));
  }
  assert.equal(
    socket.frames.some((frame) => frame.type === 'event' || frame.type === 'delta'),
    false,
  );
  await socket.close();
});
