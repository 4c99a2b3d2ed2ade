import assert from 'node:assert/strict';
import { spawnSync } from 'node:child_process';
import { once } from 'node:events';
import { writeFile } from 'node:fs/promises';
import { createServer } from 'node:net';
import { join } from 'node:path';
import { after, before, test } from 'node:test';
import { launchMosaic, type RunningMosaic, temporaryDirectory, waitFor } from '@mosaic/test-kit';
import { owner, type Person, person, type Reply } from './person.ts';

let mosaic: RunningMosaic;
let me: Person;
before(async () => {
  mosaic = await launchMosaic();
  me = owner(mosaic);
});
after(() => mosaic.stop());

const launcher = join(import.meta.dirname, '..', 'deploy/local/src/main.ts');

function assertError(reply: Reply, status: number, code: string): void {
  assert.equal(reply.status, status, JSON.stringify(reply.body));
  assert.equal(reply.body.error.code, code);
  assert.ok(reply.body.error.message.length > 5);
  assert.ok(reply.body.error.traceId);
  assert.doesNotMatch(JSON.stringify(reply.body), /\bat \S+ \(|node_modules|\/src\//);
}

test('bad JSON, unknown fields and a body of more than a megabyte have their own errors', async () => {
  const id = await me.open();
  const path = `/api/conversations/${id}/messages`;
  assertError(await me.request('POST', path, '{"text": '), 400, 'bad_json');
  assertError(await me.request('POST', path, { text: 'hi', txet: 'oh' }), 400, 'bad_request');
  assertError(await me.request('POST', path, { text: '' }), 400, 'bad_request');
  assertError(
    await me.request('POST', path, { text: 'x'.repeat(1_100_000) }),
    413,
    'body_too_large',
  );
  assertError(await me.request('GET', '/api/nothing-here'), 404, 'not_found');
  const { body } = await me.request('GET', path);
  assert.deepEqual(body.messages, [], 'none of them left a trace');
});

test('a wrong token, no token and a foreign session are refused', async () => {
  assertError(
    await person(mosaic.url, 'wrong').request('GET', '/api/conversations'),
    401,
    'unauthenticated',
  );
  assertError(
    await person(mosaic.url, '').request('GET', '/api/conversations'),
    401,
    'unauthenticated',
  );
  const socket = await person(mosaic.url, 'wrong').socket();
  const frame = await socket.until((one) => one.type === 'error');
  assert.ok(frame.type === 'error' && frame.error.code === 'unauthenticated');
  await socket.close();
});

test('an unknown model or agent names the nearest one', async () => {
  const id = await me.open();
  const model = await me.request('PATCH', `/api/conversations/${id}`, {
    model: 'claude-sonet-4-6',
  });
  assertError(model, 400, 'unknown_model');
  assert.match(model.body.error.message, /claude-sonnet-4-6/);
  const agent = await me.request('PATCH', `/api/conversations/${id}`, { agent: 'codin-agent' });
  assertError(agent, 400, 'unknown_agent');
  assert.match(agent.body.error.message, /coding-agent/);
  const sent = await me.request('POST', `/api/conversations/${id}/messages`, {
    text: 'hi',
    model: 'gpt-99',
  });
  assertError(sent, 400, 'unknown_model');
});

test('bad frames are answered and the socket stays', async () => {
  const socket = await me.socket();
  await socket.until((frame) => frame.type === 'welcome');
  for (const text of ['{', '{"type":"nonsense"}', '{"type":"send","text":"x"}']) {
    const before = socket.frames.length;
    socket.sendText(text);
    await socket.until((frame) => socket.frames.indexOf(frame) >= before && frame.type === 'error');
  }
  socket.send({ type: 'ping', id: 'still-here' });
  await socket.until((frame) => frame.type === 'pong');
  await socket.close();
});

test('the longest text, 1.2 MB of Chinese, is answered whole over REST and the socket', async () => {
  const id = await me.open();
  const text = '白鲸记是一本小说'.repeat(50_000);
  const reply = '好的,我读完了。';
  mosaic.vendors.script({ model: 'gpt-5.4', reply, times: 2 });
  assert.equal((await me.say(id, text)).content, reply);
  const socket = await me.socket();
  socket.send({ type: 'subscribe', conversationId: id, after: 0 });
  const send = { type: 'send', conversationId: id };
  const tooLong = crypto.randomUUID();
  socket.send({ ...send, messageId: tooLong, text: `${text}了` });
  const refused = await socket.until((frame) => frame.type === 'error');
  assert.ok(refused.type === 'error' && refused.error.code === 'body_too_large');
  assert.equal(refused.about, tooLong);
  // As programs write it that send only ASCII.
  const messageId = crypto.randomUUID();
  const frame = JSON.stringify({ ...send, messageId, text });
  socket.sendText(frame.replace(/[^ -~]/g, (one) => `\\u${one.charCodeAt(0).toString(16)}`));
  await socket.until(
    (one) =>
      one.type === 'event' &&
      one.event.type === 'turn.completed' &&
      one.event.messageId === messageId,
    // Both texts are more than is sent as they are: the first is summarised in parts before.
    60_000,
  );
  const { body } = await me.request('GET', `/api/conversations/${id}/messages`);
  const contents = body.messages.map((message: { content: string }) => message.content);
  assert.deepEqual(contents, [text, reply, text, reply]);
  await waitFor(async () => {
    const { conversations } = (await me.request('GET', '/api/conversations')).body;
    return conversations.find((one: { id: string }) => one.id === id)?.messageCount === 4;
  });
  await socket.close();
});

test('a vendor without a key is absent with the reason, and asking for it goes elsewhere', async () => {
  const env = { ANTHROPIC_API_KEY: '' };
  await using other = await launchMosaic({ env });
  const { body } = await owner(other).request('GET', '/api/providers');
  const anthropic = body.providers.find((one: { name: string }) => one.name === 'anthropic');
  assert.equal(anthropic.isConfigured, false);
  assert.match(anthropic.reason, /ANTHROPIC_API_KEY/);
  const id = await owner(other).open();
  const answer = await owner(other).say(id, 'What is the capital of Australia?');
  assert.equal(answer.status, 'completed');
  assert.match(answer.reason, /claude-haiku-4-5/);
});

const up = (env: Record<string, string>, ...args: string[]) =>
  spawnSync(process.execPath, [launcher, 'up', '--json', ...args], {
    env: { ...process.env, MOSAIC_DEMO: '1', ...env },
    encoding: 'utf8',
    timeout: 120_000,
  });

function assertSentence(result: ReturnType<typeof up>, pattern: RegExp): void {
  assert.equal(result.status, 1, result.stdout + result.stderr);
  assert.match(result.stdout + result.stderr, pattern);
  assert.doesNotMatch(result.stdout + result.stderr, /\n\s+at \S+ \(/);
}

test('a port that was asked for and is taken stops the start with a sentence', async () => {
  const directory = await temporaryDirectory();
  const server = createServer().listen(0, '127.0.0.1');
  await once(server, 'listening');
  const address = server.address();
  assert.ok(address !== null && typeof address === 'object');
  const port = String(address.port);
  assertSentence(up({ MOSAIC_DATA_DIR: directory.path, MOSAIC_PORT: port }), new RegExp(port));
  server.close();
  await directory.remove();
});

test('when the usual port is taken the next free one is used and named', async () => {
  const server = createServer();
  // Taken by this test, or by whoever had it before.
  await new Promise<void>((resolve) => {
    server.once('error', () => resolve());
    server.listen(14_242, '127.0.0.1', resolve);
  });
  await using other = await launchMosaic({ env: { MOSAIC_PORT: '' } });
  assert.notEqual(new URL(other.url).port, '14242');
  assert.match(other.output(), /14242/);
  assert.equal((await owner(other).request('GET', '/readyz')).status, 200);
  server.close();
});

test('a second start on the same data directory is refused with a sentence', () => {
  assertSentence(up({ MOSAIC_DATA_DIR: mosaic.dataDir, MOSAIC_PORT: '0' }), /already/i);
});

test('a data directory that cannot be written stops the start with a sentence', async () => {
  const directory = await temporaryDirectory();
  const file = join(directory.path, 'a-file');
  await writeFile(file, '');
  assertSentence(up({ MOSAIC_DATA_DIR: join(file, 'data'), MOSAIC_PORT: '0' }), /data/i);
  await directory.remove();
});

test('wrong settings are listed all at once', async () => {
  const directory = await temporaryDirectory();
  const env = { MOSAIC_DATA_DIR: directory.path, MOSAIC_PORT: 'ninety', MOSAIC_DEMO: 'maybe' };
  const result = up(env);
  assertSentence(result, /MOSAIC_PORT/);
  assert.match(result.stdout + result.stderr, /MOSAIC_DEMO/);
  await directory.remove();
});
