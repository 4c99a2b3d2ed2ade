import assert from 'node:assert/strict';
import { test } from 'node:test';
import { answerText, makeId } from '@mosaic/proto';
import { waitFor } from '@mosaic/test-kit';
import { ChatSession } from '../../src/session/chat-session.ts';
import type { StartWith } from '../../src/session/first-conversation.ts';
import { completed, routed } from '../example-turns.ts';
import { GatewayPeer, type PeerOptions, peerToken } from '../gateway-peer.ts';

interface OpenSession extends AsyncDisposable {
  readonly session: ChatSession;
  readonly remembered: string[];
}

function openSession(
  url: string,
  { startWith = { kind: 'last' } as StartWith, token = peerToken, last = '' } = {},
): OpenSession {
  const remembered: string[] = [];
  const session = new ChatSession({
    url,
    readToken: () => token,
    client: 'test',
    startWith,
    remembered: {
      read: () => remembered.at(-1) ?? (last || undefined),
      write: (id) => void remembered.push(id),
    },
    onChange: () => {},
  });
  session.start();
  return {
    session,
    remembered,
    [Symbol.asyncDispose]: () => Promise.resolve(session.stop()),
  };
}

async function listening(options: PeerOptions = {}) {
  const peer = new GatewayPeer(options);
  return {
    peer,
    url: await peer.listen(),
    [Symbol.asyncDispose]: () => peer[Symbol.asyncDispose](),
  };
}

function lastText({ session }: OpenSession): string {
  const message = session.state.conversation.messages.at(-1);
  return message?.role === 'assistant' ? answerText(message) : '';
}

test('opens the conversation with the first message and shows the answer grow', async () => {
  await using server = await listening();
  const { peer } = server;
  await using open = openSession(server.url);
  const messageId = open.session.send({ text: 'hello' });
  const [frame] = await waitFor(() => peer.framesOf('send'));
  assert.deepEqual([frame?.messageId, frame?.text], [messageId, 'hello']);
  const { conversationId = '' } = frame ?? {};
  assert.deepEqual(open.remembered, [conversationId]);
  const ids = { conversationId, messageId, run: 'run-1' };
  peer.append(conversationId, routed(ids));
  peer.delta({ conversationId, run: 'run-1', step: 0, kind: 'text', offset: 0, text: 'Hel' });
  await waitFor(() => lastText(open) === 'Hel');
  peer.append(conversationId, completed(ids, 'Hello.'));
  await waitFor(() => lastText(open) === 'Hello.');
  assert.deepEqual(open.session.state.pending, []);
});

test('resumes after a cut from the last event seen, without gap or repeat', async () => {
  await using server = await listening();
  const { peer } = server;
  const conversationId = makeId();
  peer.create(conversationId);
  await using open = openSession(server.url, {
    startWith: { kind: 'named', id: conversationId, ifGone: 'fail' },
  });
  await waitFor(() => open.session.state.isLive);
  for (let index = 0; index < 20; index += 1) {
    const messageId = makeId();
    const ids = { conversationId, messageId, run: `run-${index}` };
    peer.append(conversationId, { type: 'message.added', messageId, text: `question ${index}` });
    if (index % 3 === 0) peer.cut();
    peer.append(conversationId, routed(ids));
    peer.append(conversationId, completed(ids, `answer ${index}`));
    await waitFor(() => lastText(open) === `answer ${index}`);
  }
  assert.equal(open.session.state.conversation.seq, peer.log(conversationId).length);
  assert.equal(open.session.state.conversation.messages.length, 40);
  const resumed = peer.framesOf('subscribe').slice(1);
  assert.ok(resumed.length > 0);
  assert.ok(resumed.every((frame) => frame.after > 0));
});

test('asks for the missing events when there is a gap', async () => {
  await using server = await listening();
  const { peer } = server;
  const conversationId = makeId();
  peer.create(conversationId);
  await using open = openSession(server.url, {
    startWith: { kind: 'named', id: conversationId, ifGone: 'fail' },
  });
  await waitFor(() => open.session.state.isLive);
  const lost = { type: 'message.added', messageId: makeId(), text: 'lost' } as const;
  peer.append(conversationId, lost, true);
  peer.append(conversationId, { type: 'message.added', messageId: makeId(), text: 'seen' });
  await waitFor(() => open.session.state.conversation.messages.length === 2);
  assert.deepEqual(peer.framesOf('subscribe').at(-1)?.after, 1);
});

test('sends again what was not accepted before the cut, under the same id', async () => {
  await using server = await listening();
  const { peer } = server;
  await using open = openSession(server.url);
  await waitFor(() => open.session.state.connection.phase === 'online');
  peer.isDeaf = true;
  const messageId = open.session.send({ text: 'do not lose me' });
  await waitFor(() => peer.framesOf('send'));
  peer.isDeaf = false;
  peer.cut();
  await waitFor(() => open.session.state.conversation.messages.length === 1);
  assert.deepEqual(
    peer.framesOf('send').map((frame) => frame.messageId),
    [messageId, messageId],
  );
});

test('messages typed while an answer streams are sent at once, in order', async () => {
  await using server = await listening();
  const { peer } = server;
  await using open = openSession(server.url);
  open.session.send({ text: 'one' });
  open.session.send({ text: 'two' });
  await waitFor(() => peer.framesOf('send').length === 2);
  open.session.send({ text: 'three' });
  await waitFor(() => peer.framesOf('send').length === 3);
  assert.deepEqual(
    peer.framesOf('send').map((frame) => frame.text),
    ['one', 'two', 'three'],
  );
});

test('a message typed right behind a change waits for the change', async () => {
  await using server = await listening();
  await using open = openSession(server.url);
  open.session.send({ text: 'hello' });
  await waitFor(() => server.peer.framesOf('send').length === 1);
  let finish = () => {};
  const held = open.session.holdMessages(
    () =>
      new Promise<void>((resolve) => {
        finish = resolve;
      }),
  );
  open.session.send({ text: 'for the new model' });
  await new Promise((resolve) => setTimeout(resolve, 100));
  assert.equal(server.peer.framesOf('send').length, 1);
  finish();
  await held;
  await waitFor(() => server.peer.framesOf('send').length === 2);
});

test('cancel names the running run', async () => {
  await using server = await listening({
    onFrame(frame, peer) {
      if (frame.type !== 'send') return;
      const { conversationId, messageId } = frame;
      peer.append(conversationId, routed({ conversationId, messageId, run: 'run-7' }));
      peer.delta({ conversationId, run: 'run-7', step: 0, kind: 'text', offset: 0, text: 'a' });
    },
  });
  const { peer } = server;
  await using open = openSession(server.url);
  assert.equal(open.session.cancel(), false);
  open.session.send({ text: 'go' });
  await waitFor(() => lastText(open) !== '');
  assert.equal(open.session.cancel(), true);
  const [frame] = await waitFor(() => peer.framesOf('cancel'));
  assert.equal(frame?.run, 'run-7');
});

test('opens the last conversation of the server when nothing is remembered', async () => {
  await using server = await listening();
  const conversationId = makeId();
  server.peer.create(conversationId);
  await using open = openSession(server.url);
  await waitFor(() => open.session.state.isLive);
  assert.equal(open.session.state.conversation.id, conversationId);
});

test('a remembered conversation that is gone makes room for a new one and keeps what was typed', async () => {
  await using server = await listening();
  await using open = openSession(server.url, { last: makeId() });
  open.session.send({ text: 'still here' });
  await waitFor(() => open.session.state.conversation.messages.length === 1);
  assert.match(open.session.state.notices[0] ?? '', /no longer there/);
});

test('asks for the text so far when deltas were lost', async () => {
  await using server = await listening();
  const { peer } = server;
  const conversationId = makeId();
  peer.create(conversationId);
  const startWith = { kind: 'named', id: conversationId, ifGone: 'fail' } as const;
  await using open = openSession(server.url, { startWith });
  await waitFor(() => open.session.state.isLive);
  const messageId = makeId();
  peer.append(conversationId, { type: 'message.added', messageId, text: 'hello' });
  peer.append(conversationId, routed({ conversationId, messageId, run: 'run-1' }));
  const piece = { conversationId, run: 'run-1', step: 0, kind: 'text' } as const;
  peer.delta({ ...piece, offset: 4, text: 'lost what was before' });
  await waitFor(() => peer.framesOf('subscribe').length === 2);
  assert.equal(peer.framesOf('subscribe').at(-1)?.after, 3);
});

test('gives up a message that the server finds too large, instead of sending it for ever', async () => {
  await using server = await listening({
    onFrame: (frame, peer) => frame.type === 'send' && peer.closeAll(1009),
  });
  server.peer.isDeaf = true;
  await using open = openSession(server.url);
  open.session.send({ text: 'x'.repeat(1_000) });
  await waitFor(() => open.session.state.notices.length > 0);
  assert.match(open.session.state.notices[0] ?? '', /too large/);
  assert.deepEqual(open.session.state.pending, []);
});

test('a wrong token is told apart from a server that is not there', async () => {
  await using server = await listening();
  await using wrong = openSession(server.url, { token: 'wrong' });
  await waitFor(() => wrong.session.state.connection.phase === 'signed-out');
  await using nobody = openSession('http://127.0.0.1:1');
  await waitFor(() => nobody.session.state.connection.phase === 'offline');
});

test('connects when the gateway comes up later', async () => {
  const first = new GatewayPeer();
  const url = await first.listen();
  const { port } = first;
  await first[Symbol.asyncDispose]();
  await using open = openSession(url);
  await waitFor(() => open.session.state.connection.phase === 'offline');
  open.session.send({ text: 'early' });
  await using server = await listening({ port });
  await waitFor(() => server.peer.framesOf('send'));
});

test('a server that falls silent counts as lost after 2.5 ticks', async () => {
  await using server = await listening({ tickMs: 40 });
  await using open = openSession(server.url);
  await waitFor(() => open.session.state.connection.phase === 'online');
  await waitFor(() => server.peer.framesOf('hello').length >= 2);
});
