import assert from 'node:assert/strict';
import { after, before, test } from 'node:test';
import {
  answerText,
  type ClientFrame,
  emptyView,
  foldDelta,
  foldEvent,
  type ServerFrame,
} from '@mosaic/proto';
import { waitFor } from '@mosaic/test-kit';
import { decision } from '@mosaic/test-kit/samples';
import { WebSocket } from 'ws';
import { type GatewayRig, startGateway, type TestPerson } from './gateway-rig.ts';
import { ended, plainTurn, type Turn } from './peers.ts';

let rig: GatewayRig;
let ada: TestPerson;
let bob: TestPerson;
before(async () => {
  rig = await startGateway();
  ada = await rig.signUp('ada');
  bob = await rig.signUp('bob');
});
after(() => rig.stop());

interface TestSocket {
  readonly frames: ServerFrame[];
  readonly closed: Promise<number>;
  send(frame: ClientFrame | string): void;
  /** The first frame of this type that was not taken yet. */
  next<Type extends ServerFrame['type']>(type: Type): Promise<Extract<ServerFrame, { type: Type }>>;
  /** Reads nothing more until `resume`. */
  pause(): void;
  resume(): void;
  close(): void;
}

async function connect(token?: string, headers: Record<string, string> = {}): Promise<TestSocket> {
  const socket = new WebSocket(`${rig.url.replace('http', 'ws')}/ws`, { headers });
  const frames: ServerFrame[] = [];
  const taken = new Set<ServerFrame>();
  socket.on('message', (data) => frames.push(JSON.parse(String(data))));
  const closed = new Promise<number>((resolve) => socket.once('close', resolve));
  await new Promise((resolve) => socket.once('open', resolve));
  const send: TestSocket['send'] = (frame) =>
    socket.send(typeof frame === 'string' ? frame : JSON.stringify(frame));
  if (token !== undefined) send({ type: 'hello', protocol: 1, client: 'test/1', token });
  return {
    frames,
    closed,
    send,
    async next<Type extends ServerFrame['type']>(type: Type) {
      const isIt = (frame: ServerFrame): frame is Extract<ServerFrame, { type: Type }> =>
        frame.type === type && !taken.has(frame);
      const found = await waitFor(() => frames.find(isIt), { what: `a frame ${type}` });
      taken.add(found);
      return found;
    },
    pause: () => socket.pause(),
    resume: () => socket.resume(),
    close: () => socket.close(),
  };
}

/** A turn whose words the test gives one by one. */
function heldTurn() {
  const words: string[] = [];
  let isOver = false;
  let said = '';
  const turn: Turn = async ({ append, message, run, say }) => {
    const { messageId } = message;
    await append({ type: 'message.added', messageId, text: message.text });
    await append({ type: 'turn.routed', run, messageId, agent: 'assistant', decision });
    while (!isOver) {
      for (const word of words.splice(0)) {
        said += word;
        say(word);
      }
      await new Promise((resolve) => setTimeout(resolve, 2));
    }
    await append({ type: 'turn.completed', ...ended(run, messageId, said) });
  };
  return {
    turn,
    say: (word: string) => words.push(word),
    isSaid: () => words.length === 0,
    /** Completes the turn; `text` stands for what was said when that would be too much. */
    end(text?: string) {
      if (text !== undefined) said = text;
      isOver = true;
    },
  };
}

const viewOf = (id: string, frames: readonly ServerFrame[]) =>
  frames.reduce((view, frame) => {
    if (frame.type === 'event') return foldEvent(view, frame.event);
    return frame.type === 'delta' ? foldDelta(view, frame.delta) : view;
  }, emptyView(id));

const textIn = (id: string, frames: readonly ServerFrame[]) => {
  const answer = viewOf(id, frames).messages.findLast((message) => message.role === 'assistant');
  return answer?.role === 'assistant' ? answerText(answer) : '';
};

const deltasOf = (frames: readonly ServerFrame[]) =>
  frames.flatMap((frame) => (frame.type === 'delta' ? [frame.delta] : []));

test('hello is answered with who it is; without a valid one the socket is closed', async () => {
  const socket = await connect(ada.token);
  const welcome = await socket.next('welcome');
  assert.deepEqual(welcome.user, { id: ada.id, name: 'ada', role: 'admin' });
  socket.close();
  const stranger = await connect('nonsense');
  assert.equal((await stranger.next('error')).error.code, 'unauthenticated');
  assert.equal(await stranger.closed, 4401);
});

test('a page of another site gets nothing by the cookie', async () => {
  const signIn = await fetch(`${rig.url}/api/auth/sign-in/email`, {
    method: 'POST',
    headers: { 'content-type': 'application/json' },
    body: JSON.stringify({ email: 'bob@example.org', password: 'correct horse battery' }),
  });
  const cookie = signIn.headers.getSetCookie()[0]?.split(';')[0] ?? '';
  const own = await connect(undefined, { cookie, origin: rig.url });
  own.send({ type: 'hello', protocol: 1, client: 'web/1' });
  assert.equal((await own.next('welcome')).user.name, 'bob');
  own.close();
  const forged = await connect(undefined, { cookie, origin: 'https://evil.example' });
  forged.send({ type: 'hello', protocol: 1, client: 'web/1' });
  assert.equal(await forged.closed, 4401);
});

test('bad frames are answered and the socket stays', async () => {
  const socket = await connect(ada.token);
  await socket.next('welcome');
  socket.send('{');
  assert.equal((await socket.next('error')).error.code, 'bad_json');
  socket.send('{"type":"dance"}');
  assert.equal((await socket.next('error')).error.code, 'bad_request');
  socket.send({ type: 'ping', id: 'p1' });
  assert.equal((await socket.next('pong')).id, 'p1');
  socket.close();
});

test('a frame over three megabytes ends the socket with 1009', async () => {
  const socket = await connect(ada.token);
  await socket.next('welcome');
  socket.send(JSON.stringify({ type: 'ping', id: 'x'.repeat(3_200_000) }));
  assert.equal(await socket.closed, 1009);
});

test('every frame about a foreign conversation is not_found', async () => {
  const conversationId = await ada.open();
  const messageId = crypto.randomUUID();
  const frames: ClientFrame[] = [
    { type: 'subscribe', conversationId, after: 0 },
    { type: 'send', conversationId, messageId, text: 'hi' },
    { type: 'cancel', conversationId },
  ];
  const socket = await connect(bob.token);
  await socket.next('welcome');
  for (const frame of frames) {
    socket.send(frame);
    const { about, error } = await socket.next('error');
    assert.equal(error.code, 'not_found', frame.type);
    assert.equal(about, frame.type === 'send' ? messageId : conversationId);
  }
  assert.deepEqual(
    socket.frames.filter((frame) => frame.type === 'event' || frame.type === 'delta'),
    [],
  );
  socket.close();
});

test('a sent message is accepted, streamed and completed, in order and without repeat', async () => {
  const conversationId = await ada.open();
  const socket = await connect(ada.token);
  socket.send({ type: 'subscribe', conversationId, after: 0 });
  assert.equal((await socket.next('live')).head, 1);
  const messageId = crypto.randomUUID();
  socket.send({ type: 'send', conversationId, messageId, text: 'hi' });
  assert.equal((await socket.next('accepted')).messageId, messageId);
  await waitFor(() => viewOf(conversationId, socket.frames).seq === 4);
  const types = socket.frames.flatMap((frame) => (frame.type === 'event' ? [frame.event.seq] : []));
  assert.deepEqual(types, [1, 2, 3, 4]);
  assert.equal(textIn(conversationId, socket.frames), 'Hello there');
  socket.close();
});

test('one who comes in mid-answer gets the text so far once, and then the rest', async () => {
  const held = heldTurn();
  rig.peers.answerTurnsWith(held.turn);
  const conversationId = await ada.open();
  const first = await connect(ada.token);
  first.send({ type: 'subscribe', conversationId, after: 0 });
  await first.next('live');
  const message = {
    type: 'send',
    conversationId,
    messageId: crypto.randomUUID(),
    text: 'go',
  } as const;
  first.send(message);
  for (let index = 0; index < 50; index += 1) held.say(`w${index} `);
  await waitFor(() => textIn(conversationId, first.frames).includes('w49'));
  const second = await connect(ada.token);
  second.send({ type: 'subscribe', conversationId, after: 3 });
  for (let index = 50; index < 100; index += 1) {
    held.say(`w${index} `);
    if (index % 10 === 0) await new Promise((resolve) => setTimeout(resolve, 5));
  }
  await waitFor(() => deltasOf(second.frames).some((delta) => delta.text.includes('w99')));
  // No gap and no repeat even for a client that only strings the pieces together.
  const strung = deltasOf(second.frames).map((delta) => delta.text);
  const whole = Array.from({ length: 100 }, (_, index) => `w${index} `).join('');
  assert.equal(strung.join(''), whole);
  held.end();
  await waitFor(() => viewOf(conversationId, first.frames).seq === 4);
  assert.equal(textIn(conversationId, first.frames), whole);
  const seqs = second.frames.flatMap((frame) => (frame.type === 'event' ? [frame.event.seq] : []));
  await waitFor(() => second.frames.some((frame) => frame.type === 'event'));
  assert.deepEqual(
    second.frames.flatMap((frame) => (frame.type === 'event' ? [frame.event.seq] : [])),
    [4],
  );
  assert.ok(seqs.length <= 1);
  rig.peers.answerTurnsWith(plainTurn);
  first.close();
  second.close();
});

test('leaving in mid-answer cancels nothing, and what was missed comes at the return', async () => {
  const held = heldTurn();
  rig.peers.answerTurnsWith(held.turn);
  const conversationId = await ada.open();
  const first = await connect(ada.token);
  first.send({ type: 'subscribe', conversationId, after: 0 });
  first.send({ type: 'send', conversationId, messageId: crypto.randomUUID(), text: 'go' });
  held.say('one ');
  await waitFor(() => textIn(conversationId, first.frames) === 'one ');
  const { seq } = viewOf(conversationId, first.frames);
  first.close();
  held.say('two');
  await waitFor(() => held.isSaid());
  held.end();
  const second = await connect(ada.token);
  second.send({ type: 'subscribe', conversationId, after: seq });
  await waitFor(() => viewOf(conversationId, [...first.frames, ...second.frames]).seq === 4);
  assert.equal(textIn(conversationId, [...first.frames, ...second.frames]), 'one two');
  rig.peers.answerTurnsWith(plainTurn);
  second.close();
});

test('a socket ends when the session behind it is signed out', async () => {
  const { token } = (await (
    await fetch(`${rig.url}/api/auth/sign-in/email`, {
      method: 'POST',
      headers: { 'content-type': 'application/json' },
      body: JSON.stringify({ email: 'bob@example.org', password: 'correct horse battery' }),
    })
  ).json()) as { token: string };
  const socket = await connect(token);
  await socket.next('welcome');
  await rig.as(token)('POST', '/api/auth/sign-out', {});
  assert.equal(await socket.closed, 4401);
});

test('a client that does not keep up misses deltas and never the answer', async () => {
  const held = heldTurn();
  rig.peers.answerTurnsWith(held.turn);
  const conversationId = await ada.open();
  const socket = await connect(ada.token);
  socket.send({ type: 'subscribe', conversationId, after: 0 });
  socket.send({ type: 'send', conversationId, messageId: crypto.randomUUID(), text: 'go' });
  held.say('begin ');
  await waitFor(() => textIn(conversationId, socket.frames) === 'begin ');
  socket.pause();
  for (let index = 0; index < 60; index += 1) held.say('x'.repeat(400_000));
  await waitFor(() => held.isSaid());
  held.end('the end');
  await waitFor(async () => {
    const { messages } = (await ada.ask('GET', `/api/conversations/${conversationId}/messages`))
      .body;
    return messages.at(-1)?.status === 'completed';
  });
  socket.resume();
  await waitFor(() => viewOf(conversationId, socket.frames).seq === 4);
  assert.ok(deltasOf(socket.frames).length < 61);
  assert.equal(textIn(conversationId, socket.frames), 'the end');
  rig.peers.answerTurnsWith(plainTurn);
  socket.close();
});
