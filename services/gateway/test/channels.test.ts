import assert from 'node:assert/strict';
import { after, before, test } from 'node:test';
import {
  bridgeConsumer,
  channelHello,
  channelInbound,
  channelOutbound,
  type FactOf,
  makeId,
  channelProtocolVersion as v,
} from '@mosaic/proto';
import { type Bus, bridgeCredentials, connectBus } from '@mosaic/service-kit';
import { waitFor } from '@mosaic/test-kit';
import { decision } from '@mosaic/test-kit/samples';
import { type GatewayRig, startGateway, type TestPerson } from './gateway-rig.ts';

let rig: GatewayRig;
let ada: TestPerson;
let bridge: Bus;
const channelId = 'room';
const tokens = { channelId };
const shown: FactOf<typeof channelOutbound>[] = [];

before(async () => {
  rig = await startGateway();
  ada = await rig.signUp('ada');
  const credentials = await bridgeCredentials(rig.bus.keys, channelId, {
    expiresAt: new Date(Date.now() + 3_600_000),
  });
  bridge = await connectBus({
    url: rig.bus.url,
    principal: `bridge-${channelId}`,
    credentials,
    callerKeys: { publicKey: '' },
  });
});
after(async () => {
  await bridge.drain(200);
  await rig.stop();
});

const envelope = () => ({ v, id: makeId(), channelId, at: new Date().toISOString() }) as const;

const sayHello = (maxTextChars: number) =>
  bridge.call(
    channelHello,
    {
      ...envelope(),
      bridge: { name: 'test', version: '1' },
      capabilities: {
        streaming: 'none',
        markdown: 'none',
        maxTextChars,
        threads: false,
        idempotentSend: true,
      },
    },
    { tokens },
  );

async function write(text: string, more: object = {}, id = makeId()): Promise<string> {
  const message = { ...envelope(), id, place: { room: '#tea' }, handle: '@ada', text, ...more };
  await bridge.publish(channelInbound, message, { tokens, messageId: message.id });
  return id;
}

test('a bridge of a channel that nobody registered is refused', async () => {
  await assert.rejects(sayHello(1_000), { code: 'not_found' });
});

test('a channel is registered once, and by administrators alone', async () => {
  const made = await ada.ask('POST', '/api/admin/channels', { id: channelId, kind: 'test' });
  assert.equal(made.status, 201);
  assert.equal(made.body.ownerUserId, ada.id);
  assert.equal((await ada.ask('POST', '/api/admin/channels', { id: channelId })).status, 201);
  const { channels } = (await ada.ask('GET', '/api/admin/channels')).body;
  assert.deepEqual(
    channels.map((one: { id: string }) => one.id),
    [channelId],
  );
  const hello = await sayHello(20);
  assert.equal(hello.protocol, v);
  await bridge.consume(
    channelOutbound,
    async ({ ack, fact }) => {
      shown.push(fact);
      ack();
    },
    { durable: bridgeConsumer(channelId), concurrency: 1, ackWaitMs: 30_000, tokens },
  );
});

test('what is written in a room is answered there, cut to fit, with model and reason', async () => {
  const id = await write('Tea?');
  const answers = await waitFor(() => shown.filter((one) => one.inReplyTo === id));
  assert.equal(answers[0]?.text, 'Hello there');
  assert.equal(answers[0]?.kind, 'answer');
  assert.equal(answers[0]?.place.room, '#tea');
  assert.match(answers[0]?.footer ?? '', /^anthropic\/claude-haiku-4-5: /);
});

test('one room is one conversation of its owner, and a repeated message is one', async () => {
  const id = await write('Again');
  await waitFor(() => shown.some((one) => one.inReplyTo === id));
  await write('Again', {}, id);
  const last = await write('Last');
  await waitFor(() => shown.some((one) => one.inReplyTo === last));
  assert.equal(shown.filter((one) => one.inReplyTo === id).length, 1);
});

test('history is taken and never answered', async () => {
  const old = await write('From last year', { isHistorical: true });
  const fresh = await write('New');
  await waitFor(() => shown.some((one) => one.inReplyTo === fresh));
  assert.equal(shown.filter((one) => one.inReplyTo === old).length, 0);
});

test('the room gets a new conversation when its owner deleted the old one', async () => {
  const { conversationId } = rig.peers.messages.at(-1) ?? { conversationId: '' };
  assert.equal((await ada.ask('DELETE', `/api/conversations/${conversationId}`)).status, 204);
  const id = await write('Still there?');
  await waitFor(() => shown.some((one) => one.inReplyTo === id));
  assert.notEqual(rig.peers.messages.at(-1)?.conversationId, conversationId);
});

test('a call that waits is shown in its room, and only who asked for the answer allows it there', async () => {
  rig.peers.answerTurnsWith(async ({ append, message, run }) => {
    const { conversationId, messageId, speaker = '', text } = message;
    await append({ type: 'message.added', messageId, text, speaker });
    await append({ type: 'turn.routed', run, messageId, agent: 'assistant', decision });
    await append({
      type: 'approval.asked',
      ...{ run, step: 0, callId: 'k1', tool: 'shell', arguments: { command: 'ls' } },
      ...{ covers: 'shell', expiresAt: '2099-01-01T00:00:00.000Z' },
    });
    const path = `/api/conversations/${conversationId}/export`;
    const isAnswered = async () =>
      JSON.stringify((await ada.ask('GET', path)).body).includes('approval.answered');
    await waitFor(isAnswered, { what: 'the answer to the call' });
    await append({
      ...{ type: 'turn.completed', run, messageId, text: 'Three files.', step: 1 },
      ...{ usage: null, cost: { usd: null, source: 'unknown' }, isSimulated: false },
      ...{ provider: 'anthropic', model: 'claude-haiku-4-5', rule: 'chat', reason: 'said so' },
      ...{ timings: { firstTokenMs: 1, totalMs: 2 }, stop: { unified: 'stop', raw: 'end_turn' } },
    });
  });
  // What a piece is longer than comes in pieces: a line is looked for in all of them.
  const told = (from: number) =>
    shown
      .slice(from)
      .map(({ text }) => text)
      .join(' ');
  const begin = shown.length;
  const id = await write('List it.');
  const asked = await waitFor(() => {
    const text = told(begin);
    return /3 – deny it/.test(text.replaceAll(/\s+/g, ' ')) && text;
  });
  assert.match(asked.replaceAll(/\s+/g, ' '), /asks to call shell with \{"command":"ls"\}/);
  assert.ok(shown.slice(begin).every(({ isFinal, kind }) => !isFinal && kind === 'notice'));

  const stranger = await write('1', { handle: '@mallory' });
  const refused = await waitFor(() => shown.find((one) => one.inReplyTo === stranger));
  assert.match(refused.text, /Only who asked/);
  assert.doesNotMatch(told(begin), /was allowed/);

  await write('1');
  await waitFor(() => /was allowed/.test(told(begin)));
  const answer = await waitFor(() => shown.find((one) => one.inReplyTo === id));
  assert.deepEqual([answer.text, answer.kind], ['Three files.', 'answer']);
  const taken = rig.peers.messages.filter(({ text }) => text === '1');
  assert.deepEqual(taken, [], 'a choice is no message');
});
