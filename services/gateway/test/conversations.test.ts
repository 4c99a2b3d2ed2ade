import assert from 'node:assert/strict';
import { after, before, test } from 'node:test';
import { commandManifest } from '@mosaic/proto';
import { decision, end } from '@mosaic/test-kit/samples';
import { ask, type GatewayRig, startGateway, type TestPerson } from './gateway-rig.ts';
import { plainTurn } from './peers.ts';

let rig: GatewayRig;
let ada: TestPerson;
let bob: TestPerson;
before(async () => {
  rig = await startGateway();
  ada = await rig.signUp('ada');
  bob = await rig.signUp('bob');
});
after(() => rig.stop());

test('a message is accepted, answered, and listed with who answered and why', async () => {
  const id = await ada.open();
  const sent = await ada.ask('POST', `/api/conversations/${id}/messages?wait=1`, { text: 'hi' });
  assert.equal(sent.status, 200);
  const { message } = sent.body;
  assert.equal(message.content, 'Hello there');
  assert.equal(message.provider, 'anthropic');
  assert.equal(message.rule, 'simple');
  assert.equal(message.costUsd, 0.001);
  assert.equal(message.status, 'completed');
  const { messages } = (await ada.ask('GET', `/api/conversations/${id}/messages`)).body;
  assert.deepEqual(
    messages.map((one: { role: string; content: string }) => [one.role, one.content]),
    [
      ['user', 'hi'],
      ['assistant', 'Hello there'],
    ],
  );
});

test('without wait the answer is 202 with both ids, and the same message twice is one', async () => {
  const id = await ada.open();
  const messageId = crypto.randomUUID();
  const body = { messageId, text: 'once' };
  const path = `/api/conversations/${id}/messages`;
  const first = await ada.ask('POST', path, body);
  assert.equal(first.status, 202);
  assert.deepEqual(first.body, { conversationId: id, messageId });
  await ada.ask('POST', path, body);
  const again = await ada.ask('POST', `${path}?wait=1`, body);
  assert.equal(again.body.message.content, 'Hello there');
  assert.equal((await ada.ask('GET', path)).body.messages.length, 2);
});

test('pages of messages fit together without gap or repeat', async () => {
  const id = await ada.open();
  for (const text of ['one', 'two', 'three']) {
    await ada.ask('POST', `/api/conversations/${id}/messages?wait=1`, { text });
  }
  const path = `/api/conversations/${id}/messages`;
  const late = (await ada.ask('GET', `${path}?limit=4`)).body;
  const early = (await ada.ask('GET', `${path}?limit=4&before=${late.nextBefore}`)).body;
  const whole = (await ada.ask('GET', path)).body;
  assert.deepEqual([...early.messages, ...late.messages], whole.messages);
  assert.equal(early.nextBefore, null);
});

test('somebody else finds nothing at every address of a conversation', async () => {
  const id = await ada.open();
  const foreign: [string, string, unknown?][] = [
    ['GET', ''],
    ['PATCH', '', { title: 'mine' }],
    ['DELETE', ''],
    ['GET', '/messages'],
    ['POST', '/messages', { text: 'hi' }],
    ['POST', '/messages', { nonsense: true }],
    ['POST', '/cancel', {}],
    ['POST', '/approvals/k', { answer: 'once' }],
    ['POST', '/approvals/k', { nonsense: true }],
    ['GET', '/events'],
    ['GET', '/export'],
  ];
  for (const [method, path, body] of foreign) {
    const theirs = await bob.ask(method, `/api/conversations/${id}${path}`, body);
    const none = await bob.ask(method, `/api/conversations/${crypto.randomUUID()}${path}`, body);
    assert.equal(theirs.status, 404, `${method} ${path}`);
    assert.equal(theirs.body.error.code, 'not_found');
    assert.equal(theirs.body.error.message, none.body.error.message);
  }
  assert.equal((await ada.ask('GET', `/api/conversations/${id}`)).body.title, null);
});

test('a conversation is renamed, pinned, unpinned, exported and deleted', async () => {
  const id = await ada.open();
  const path = `/api/conversations/${id}`;
  const pinned = await ada.ask('PATCH', path, { title: 'Trip', model: 'claude-haiku-4.5' });
  assert.equal(pinned.body.title, 'Trip');
  assert.equal(pinned.body.model, 'claude-haiku-4.5');
  assert.equal((await ada.ask('PATCH', path, { model: 'auto' })).body.model, null);
  await ada.ask('POST', `${path}/messages?wait=1`, { text: 'hi' });
  assert.match((await ada.ask('GET', `${path}/export?format=markdown`)).body, /^# Trip/);
  assert.equal((await ada.ask('GET', `${path}/export`)).body.messages.length, 2);
  assert.equal((await ada.ask('DELETE', path)).status, 204);
  assert.equal((await ada.ask('GET', path)).status, 404);
  assert.equal((await ada.ask('POST', `${path}/messages`, { text: 'hi' })).status, 404);
});

test('a model or agent that is not there is refused with the nearest name', async () => {
  const id = await ada.open();
  const path = `/api/conversations/${id}/messages`;
  const model = await ada.ask('POST', path, { text: 'hi', model: 'claude-haiko-4-5' });
  assert.equal(model.status, 400);
  assert.equal(model.body.error.code, 'unknown_model');
  assert.match(model.body.error.message, /claude-haiku-4-5/);
  const agent = await ada.ask('PATCH', `/api/conversations/${id}`, { agent: 'asistant' });
  assert.equal(agent.body.error.code, 'unknown_agent');
  assert.deepEqual(agent.body.error.details.nearest, ['assistant']);
});

test('bad JSON, unknown fields and bodies over a megabyte are told apart', async () => {
  const path = `${rig.url}/api/conversations`;
  const headers = { authorization: `Bearer ${ada.token}` };
  const badJson = await ask(path, { method: 'POST', body: '{"title":', headers });
  assert.equal(badJson.status, 400);
  assert.equal(badJson.body.error.code, 'bad_json');
  const unknown = await ada.ask('POST', '/api/conversations', { tittle: 'x' });
  assert.equal(unknown.status, 400);
  assert.equal(unknown.body.error.code, 'bad_request');
  assert.match(JSON.stringify(unknown.body.error.details), /tittle/);
  const large = await ada.ask('POST', '/api/conversations', { title: 'x'.repeat(1_100_000) });
  assert.equal(large.status, 413);
  assert.equal(large.body.error.code, 'body_too_large');
  const signIn = await ask(`${rig.url}/api/auth/sign-in/email`, { method: 'POST', body: '{' });
  assert.equal(signIn.body.error.code, 'bad_json');
});

test('an address that is not there is a JSON 404, and a page elsewhere is the web client', async () => {
  const unknown = await ada.ask('GET', '/api/nonsense');
  assert.equal(unknown.status, 404);
  assert.equal(unknown.body.error.code, 'not_found');
  const page = await ask(`${rig.url}/c/anything`, { method: 'GET' });
  assert.equal(page.status, 200);
  assert.match(String(page.headers.get('content-security-policy')), /script-src 'self'/);
});

test('events after a number come as server-sent events, then news', async () => {
  const id = await ada.open();
  await ada.ask('POST', `/api/conversations/${id}/messages?wait=1`, { text: 'first' });
  const control = new AbortController();
  const response = await fetch(`${rig.url}/api/conversations/${id}/events?after=2`, {
    headers: { authorization: `Bearer ${ada.token}` },
    signal: control.signal,
  });
  assert.equal(response.headers.get('content-type'), 'text/event-stream; charset=utf-8');
  await ada.ask('POST', `/api/conversations/${id}/messages?wait=1`, { text: 'second' });
  let text = '';
  for await (const piece of response.body ?? []) {
    text += Buffer.from(piece).toString();
    if (text.includes('id: 7\n')) break;
  }
  control.abort();
  const ids = [...text.matchAll(/^id: (\d+)$/gm)].map((match) => Number(match[1]));
  assert.deepEqual(ids, [3, 4, 5, 6, 7]);
});

test('a turn that fails is told as failed, with what was said until then', async () => {
  rig.peers.answerTurnsWith(async ({ append, message, run }) => {
    const { messageId } = message;
    await append({ type: 'message.added', messageId, text: message.text });
    await append({ type: 'turn.routed', run, messageId, agent: 'assistant', decision });
    await append({
      ...{ type: 'turn.failed', run, messageId, text: 'Half', step: 0, usage: null },
      ...{ cost: end.cost, timings: end.timings, isSimulated: false },
      failure: { code: 'provider_cut', message: 'It was cut.', isRetryable: true },
    });
  });
  const id = await ada.open();
  const sent = await ada.ask('POST', `/api/conversations/${id}/messages?wait=1`, { text: 'hi' });
  rig.peers.answerTurnsWith(plainTurn);
  assert.equal(sent.body.message.status, 'failed');
  assert.equal(sent.body.message.content, 'Half');
  assert.equal(sent.body.message.failure.code, 'provider_cut');
});

test('the commands of every client are one list, for people who are signed in', async () => {
  const { body, status } = await ada.ask('GET', '/api/commands');
  assert.equal(status, 200);
  assert.deepEqual(body.commands, commandManifest);
  assert.equal((await fetch(`${rig.url}/api/commands`)).status, 401);
});
