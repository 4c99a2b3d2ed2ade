import assert from 'node:assert/strict';
import { once } from 'node:events';
import { statSync } from 'node:fs';
import { createServer } from 'node:net';
import { join } from 'node:path';
import { test } from 'node:test';
import { jetstream, jetstreamManager } from '@nats-io/jetstream';
import { connect } from '@nats-io/transport-node';
import { startNats } from '../src/index.ts';
import { startInKillableLauncher } from './start-in-killable-launcher.ts';
import { stopAfter } from './stop-after.ts';
import { temporaryDirectory } from './temporary-directory.ts';

async function monitorPage(monitorUrl: string): Promise<Record<string, unknown>> {
  const answer = await fetch(`${monitorUrl}/varz`);
  return (await answer.json()) as Record<string, unknown>;
}

async function storeMessages(url: string, count: number): Promise<void> {
  const connection = await connect({ servers: url, reconnect: false });
  const manager = await jetstreamManager(connection);
  await manager.streams.add({ name: 'NOTES', subjects: ['notes.>'] });
  const stream = jetstream(connection);
  for (let i = 0; i < count; i += 1) await stream.publish('notes.one', `note ${i}`);
  await connection.close();
}

async function countMessages(url: string): Promise<number> {
  const connection = await connect({ servers: url, reconnect: false });
  const manager = await jetstreamManager(connection);
  const { state } = await manager.streams.info('NOTES');
  await connection.close();
  return state.messages;
}

test('NATS answers on loopback with one megabyte payloads and says whether it syncs', async (t) => {
  const dataDir = temporaryDirectory();
  const said: string[] = [];
  const onProgress = (sentence: string) => said.push(sentence);
  const server = await stopAfter(t, startNats({ dataDir, syncAlways: true, onProgress }));
  const connection = await connect({ servers: server.url });
  const subscription = connection.subscribe('hello', {
    callback: (_error, message) => {
      message.respond(message.data);
    },
  });
  const reply = await connection.request('hello', 'world');
  assert.equal(reply.string(), 'world');
  subscription.unsubscribe();
  await connection.close();

  const page = await monitorPage(server.monitorUrl);
  assert.equal(page['host'], '127.0.0.1');
  assert.equal(page['max_payload'], 1_048_576);
  const jetstreamConfig = (page['jetstream'] as { config: Record<string, unknown> }).config;
  assert.equal(jetstreamConfig['sync_always'] ?? false, server.syncAlways);
  assert.equal(said.length, server.syncAlways ? 0 : 1);
  assert.equal(statSync(join(dataDir, 'nats.conf')).mode & 0o777, 0o600);

  await server.stop();
  assert.equal((await server.exited).expected, true);
  assert.throws(() => process.kill(server.pid, 0));
});

test('configuration given by the caller counts, and a wrong one is quoted', async (t) => {
  const dataDir = temporaryDirectory();
  const configText = 'authorization { user: "mosaic", password: "secret" }';
  const server = await stopAfter(t, startNats({ dataDir, configText }));
  await assert.rejects(connect({ servers: server.url, reconnect: false }), /authorization/i);
  const options = { servers: server.url, user: 'mosaic', pass: 'secret' };
  await (await connect(options)).close();
  await server.stop();
  await assert.rejects(startNats({ dataDir, configText: 'no_such_field: 1' }), {
    code: 'START_FAILED',
    message: /no_such_field/,
  });
  await (await startNats({ dataDir })).stop();
});

test('a wanted port is used, and refused when somebody has it', async (t) => {
  const dataDir = temporaryDirectory();
  const holder = createServer().listen(0, '127.0.0.1');
  await once(holder, 'listening');
  const address = holder.address();
  assert.ok(typeof address === 'object' && address !== null);
  await assert.rejects(startNats({ dataDir, port: address.port }), { code: 'PORT_IN_USE' });
  holder.close();
  await once(holder, 'close');
  const server = await stopAfter(t, startNats({ dataDir, port: address.port }));
  assert.equal(server.url, `nats://127.0.0.1:${address.port}`);
  await server.stop();
});

test('stored messages survive kill -9 of the server', async (t) => {
  const dataDir = temporaryDirectory();
  const first = await stopAfter(t, startNats({ dataDir, syncAlways: true }));
  await storeMessages(first.url, 50);
  process.kill(first.pid, 'SIGKILL');
  assert.deepEqual(await first.exited, { code: null, signal: 'SIGKILL', expected: false });
  const second = await stopAfter(t, startNats({ dataDir, syncAlways: true }));
  assert.equal(await countMessages(second.url), 50);
  await second.stop();
});

test('a NATS whose launcher was killed is ended by the next start, and its data kept', async (t) => {
  const dataDir = temporaryDirectory();
  const orphan = await startInKillableLauncher('nats', dataDir);
  await assert.rejects(startNats({ dataDir }), { code: 'DATA_DIR_IN_USE' });
  await storeMessages(orphan.url, 5);
  await orphan.kill();
  const next = await stopAfter(t, startNats({ dataDir }));
  await assert.rejects(connect({ servers: orphan.url, reconnect: false, timeout: 1000 }));
  assert.equal(await countMessages(next.url), 5);
  await next.stop();
});
