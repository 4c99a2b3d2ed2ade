import assert from 'node:assert/strict';
import { after, before, beforeEach, test } from 'node:test';
import type { ClientFrame, ServerFrame } from '@mosaic/proto';
import { waitFor } from '@mosaic/test-kit';
import { decision } from '@mosaic/test-kit/samples';
import { WebSocket } from 'ws';
import { type GatewayRig, startGateway, type TestPerson } from './gateway-rig.ts';

/** Vendors make ids with more than letters. */
const callId = 'call/1:ü?#';

let rig: GatewayRig;
let ada: TestPerson;
let bob: TestPerson;
let id: string;

before(async () => {
  rig = await startGateway();
  ada = await rig.signUp('ada');
  bob = await rig.signUp('bob');
  rig.peers.answerTurnsWith(async ({ append, message, run }) => {
    const { messageId } = message;
    const given = { command: 'ls' };
    await append({ type: 'message.added', messageId, text: message.text });
    await append({ type: 'turn.routed', run, messageId, agent: 'assistant', decision });
    const call = { run, step: 0, callId };
    await append({ type: 'tool.called', ...call, name: 'shell', arguments: given, text: '' });
    await append({
      type: 'approval.asked',
      ...call,
      tool: 'shell',
      arguments: given,
      covers: 'shell',
      expiresAt: '2099-01-01T00:00:00.000Z',
    });
  });
});
after(() => rig.stop());
beforeEach(async () => {
  id = await ada.open();
  await ada.ask('POST', `/api/conversations/${id}/messages`, { text: 'List it.' });
  await waitFor(async () => (await typesOf(id)).includes('approval.asked'));
});

const typesOf = async (conversationId: string): Promise<string[]> => {
  const { body } = await ada.ask('GET', `/api/conversations/${conversationId}/export`);
  return body.events.map((event: { type: string }) => event.type);
};
const path = () => `/api/conversations/${id}/approvals/${encodeURIComponent(callId)}`;

async function openSocket(token: string) {
  const socket = new WebSocket(`${rig.url.replace('http', 'ws')}/ws`);
  const frames: ServerFrame[] = [];
  socket.on('message', (data) => frames.push(JSON.parse(String(data))));
  await new Promise((resolve) => socket.once('open', resolve));
  const send = (frame: ClientFrame) => socket.send(JSON.stringify(frame));
  send({ type: 'hello', protocol: 1, client: 'test/1', token });
  return { frames, send, close: () => socket.close() };
}

test('a call that waits is answered by REST, once', async () => {
  const answered = await ada.ask('POST', path(), { answer: 'conversation' });
  assert.equal(answered.status, 200);
  assert.equal(answered.body.event.type, 'approval.answered');
  assert.equal(answered.body.event.by, ada.id);
  assert.equal((await ada.ask('POST', path(), { answer: 'once' })).status, 404);
});

test('anything but the three answers is refused', async () => {
  for (const body of [
    {},
    { answer: 'always' },
    { answer: true },
    { answer: 'once', by: 'x' },
    [],
  ]) {
    const refused = await ada.ask('POST', path(), body);
    assert.equal(refused.status, 400, JSON.stringify(body));
  }
  assert.ok(!(await typesOf(id)).includes('approval.answered'));
});

test('nobody else answers, by REST or over the socket', async () => {
  assert.equal((await bob.ask('POST', path(), { answer: 'once' })).status, 404);
  const socket = await openSocket(bob.token);
  socket.send({ type: 'answer-approval', conversationId: id, callId, answer: 'once' });
  const error = await waitFor(() => socket.frames.find((frame) => frame.type === 'error'));
  assert.ok(error.type === 'error');
  assert.deepEqual([error.error.code, error.about], ['not_found', callId]);
  assert.ok(!(await typesOf(id)).includes('approval.answered'));
  socket.close();
});

test('the answer of one client is seen by every other', async () => {
  const [one, other] = [await openSocket(ada.token), await openSocket(ada.token)];
  for (const socket of [one, other]) {
    socket.send({ type: 'subscribe', conversationId: id, after: 0 });
  }
  one.send({ type: 'answer-approval', conversationId: id, callId, answer: 'deny' });
  for (const { frames } of [one, other]) {
    const seen = await waitFor(() =>
      frames.find((frame) => frame.type === 'event' && frame.event.type === 'approval.answered'),
    );
    assert.ok(seen.type === 'event' && seen.event.type === 'approval.answered');
    assert.equal(seen.event.answer, 'deny');
  }
  one.close();
  other.close();
});

test('the tools are told to who asks, for one agent, and a wrong question is refused', async () => {
  const { body, status } = await bob.ask('GET', '/api/tools?agent=assistant');
  assert.deepEqual([status, body.agent, body.tools[0].policy], [200, 'assistant', 'ask']);
  assert.equal(body.tools[0].summary, bob.id, 'asked in the name of who is signed in');
  assert.equal((await ada.ask('GET', '/api/tools')).body.agent, 'assistant');
  const foreign = await bob.ask('GET', '/api/tools?agent=agent-of-ada');
  assert.deepEqual([foreign.status, foreign.body.error.code], [400, 'unknown_agent']);
  assert.equal((await bob.ask('GET', '/api/tools?agent=a&agent=b')).status, 400);
  assert.equal((await rig.as('nobody')('GET', '/api/tools')).status, 401);
});
