import assert from 'node:assert/strict';
import { readFileSync, statSync } from 'node:fs';
import { join } from 'node:path';
import { test } from 'node:test';
import { Redis } from 'ioredis';
import { startRedis } from '../src/index.ts';
import { startInKillableLauncher } from './start-in-killable-launcher.ts';
import { stopAfter } from './stop-after.ts';
import { temporaryDirectory } from './temporary-directory.ts';

function connect(url: string): Redis {
  return new Redis(url, { lazyConnect: true, retryStrategy: () => null, maxRetriesPerRequest: 0 });
}

test('Redis answers with its password, refuses without, and never evicts', async (t) => {
  const dataDir = temporaryDirectory();
  const server = await stopAfter(t, startRedis({ dataDir }));
  const redis = connect(server.url);
  assert.equal(await redis.set('greeting', 'hello'), 'OK');
  assert.deepEqual(await redis.config('GET', 'maxmemory-policy'), [
    'maxmemory-policy',
    'noeviction',
  ]);
  assert.deepEqual(await redis.config('GET', 'appendonly'), ['appendonly', 'yes']);
  assert.deepEqual(await redis.config('GET', 'bind'), ['bind', '127.0.0.1']);
  redis.disconnect();

  const stranger = connect(server.url.replace(/:[^/@]*@/, ''));
  stranger.on('error', () => {});
  await assert.rejects(stranger.get('greeting'), /NOAUTH/);
  stranger.disconnect();
  assert.equal(statSync(join(dataDir, 'redis.conf')).mode & 0o777, 0o600);

  await server.stop();
  assert.equal((await server.exited).expected, true);
  assert.throws(() => process.kill(server.pid, 0));
});

test('what Redis acknowledged survives kill -9, with a password that needs quoting', async (t) => {
  const dataDir = temporaryDirectory();
  const password = 'a "quoted" \\ p@ss/word:ü';
  const first = await stopAfter(t, startRedis({ dataDir, password }));
  const writer = connect(first.url);
  writer.on('error', () => {});
  for (let i = 0; i < 100; i += 1) await writer.rpush('queue', String(i));
  process.kill(first.pid, 'SIGKILL');
  assert.deepEqual(await first.exited, { code: null, signal: 'SIGKILL', expected: false });
  writer.disconnect();

  const second = await stopAfter(t, startRedis({ dataDir, password }));
  const reader = connect(second.url);
  assert.equal(await reader.llen('queue'), 100);
  reader.disconnect();
  await second.stop();
});

test('a Redis whose launcher was killed is ended by the next start, and its data kept', async (t) => {
  const dataDir = temporaryDirectory();
  const orphan = await startInKillableLauncher('redis', dataDir);
  const writer = connect(orphan.url);
  writer.on('error', () => {});
  await writer.set('kept', 'yes');
  await assert.rejects(startRedis({ dataDir }), { code: 'DATA_DIR_IN_USE' });
  await orphan.kill();
  assert.equal(await writer.get('kept'), 'yes');

  const said: string[] = [];
  const next = await stopAfter(
    t,
    startRedis({ dataDir, onProgress: (sentence) => said.push(sentence) }),
  );
  assert.match(said.join(), new RegExp(`Ending process ${orphan.serverPid}`));
  assert.notEqual(readFileSync(`/proc/${next.pid}/stat`, 'utf8'), '');
  const reader = connect(next.url);
  assert.equal(await reader.get('kept'), 'yes');
  reader.disconnect();
  writer.disconnect();
  await next.stop();
});
