import assert from 'node:assert/strict';
import { after, before, test } from 'node:test';
import { type RedisHandle, startRedis } from '@mosaic/embedded-servers';
import { makeId } from '@mosaic/proto';
import { type TemporaryDirectory, temporaryDirectory, waitFor } from '@mosaic/test-kit';
import { openRateLimiter, type RateLimiter } from '../../src/index.ts';

let directory: TemporaryDirectory;
let redis: RedisHandle;
const open: RateLimiter[] = [];
before(async () => {
  directory = await temporaryDirectory();
  redis = await startRedis({ dataDir: directory.path });
});
after(async () => {
  await Promise.all(open.map((one) => one.close()));
  await redis.stop();
  await directory.remove();
});

interface Line {
  readonly level: 'info' | 'warn';
  readonly text: string;
}

function openLimiter(options: { redisUrl: string | undefined; windowS?: number }) {
  const lines: Line[] = [];
  const note = (level: Line['level']) => (first: unknown, text?: string) =>
    void lines.push({ level, text: text ?? String(first) });
  const limiter = openRateLimiter({ ...options, log: { info: note('info'), warn: note('warn') } });
  open.push(limiter);
  return { limiter, lines };
}

const newKey = () => makeId();
const patience = { timeoutMs: 30_000 };

for (const store of ['Redis', 'memory'] as const) {
  const openOne = (windowS?: number) =>
    openLimiter({
      redisUrl: store === 'Redis' ? redis.url : undefined,
      ...(windowS === undefined ? {} : { windowS }),
    }).limiter;

  test(`${store}: of many at once exactly so many pass as the limit says, the others are told to wait`, async () => {
    const limiter = openOne();
    const key = newKey();
    const wish = { key, points: 1, limit: 7 };
    const takings = await Promise.all(Array.from({ length: 50 }, () => limiter.take(wish)));
    assert.equal(takings.filter((one) => one.isAllowed).length, 7);
    for (const one of takings) {
      if (!one.isAllowed) assert.ok(one.waitMs > 0 && one.waitMs <= 60_000, String(one.waitMs));
    }
    const other = await limiter.take({ ...wish, key: newKey() });
    assert.ok(other.isAllowed, 'another key has a window of its own');
  });

  test(`${store}: who is refused has taken nothing`, async () => {
    const limiter = openOne();
    const key = newKey();
    assert.ok((await limiter.take({ key, points: 60, limit: 100 })).isAllowed);
    assert.equal((await limiter.take({ key, points: 41, limit: 100 })).isAllowed, false);
    assert.ok((await limiter.take({ key, points: 40, limit: 100 })).isAllowed);
  });

  test(`${store}: what was not used comes back, and what was used beyond it counts`, async () => {
    const limiter = openOne();
    const key = newKey();
    const first = await limiter.take({ key, points: 90, limit: 100 });
    assert.ok(first.isAllowed);
    await first.settle(10);
    const second = await limiter.take({ key, points: 70, limit: 100 });
    assert.ok(second.isAllowed);
    const third = await limiter.take({ key, points: 20, limit: 100 });
    assert.ok(third.isAllowed);
    assert.equal((await limiter.take({ key, points: 1, limit: 100 })).isAllowed, false);
    await second.settle(20);
    await third.settle(65.5);
    assert.equal((await limiter.take({ key, points: 5, limit: 100 })).isAllowed, false);
    assert.ok((await limiter.take({ key, points: 4, limit: 100 })).isAllowed);
  });

  test(`${store}: more than a whole window holds is allowed at its beginning, alone`, async () => {
    const limiter = openOne();
    const key = newKey();
    const large = await limiter.take({ key, points: 5_000, limit: 100 });
    assert.ok(large.isAllowed);
    assert.equal((await limiter.take({ key, points: 1, limit: 100 })).isAllowed, false);
    await large.settle(4_000);
    assert.equal((await limiter.take({ key, points: 1, limit: 4_000 })).isAllowed, false);
    await limiter.take({ key, points: 1, limit: 4_001 }).then((one) => assert.ok(one.isAllowed));
  });

  test(`${store}: when the window is over all is allowed again, and nothing of it comes back`, async () => {
    // Long enough for what has to happen within the second one.
    const limiter = openOne(3);
    const key = newKey();
    const old = await limiter.take({ key, points: 10, limit: 10 });
    assert.ok(old.isAllowed);
    const fresh = await waitFor(async () => {
      const one = await limiter.take({ key, points: 10, limit: 10 });
      return one.isAllowed ? one : undefined;
    }, patience);
    assert.ok(fresh.isAllowed);
    await old.settle(0);
    assert.equal((await limiter.take({ key, points: 10, limit: 10 })).isAllowed, false);
  });
}

test('replicas on one Redis share a window', async () => {
  const [left, right] = [
    openLimiter({ redisUrl: redis.url }),
    openLimiter({ redisUrl: redis.url }),
  ];
  const wish = { key: newKey(), points: 1, limit: 10 };
  const takings = await Promise.all(
    Array.from({ length: 30 }, (_, index) => (index % 2 === 0 ? left : right).limiter.take(wish)),
  );
  assert.equal(takings.filter((one) => one.isAllowed).length, 10);
});

test('a Redis that is killed stops nobody: each process counts for itself, and the log says it once', async () => {
  const own = await temporaryDirectory();
  let server = await startRedis({ dataDir: own.path });
  const { limiter, lines } = openLimiter({ redisUrl: server.url });
  const { port, password } = new URL(server.url);
  const wish = { key: newKey(), points: 1, limit: 3 };
  assert.ok((await limiter.take(wish)).isAllowed);
  process.kill(server.pid, 'SIGKILL');
  await server.exited;
  const during = [];
  for (let count = 0; count < 5; count += 1) during.push(await limiter.take(wish));
  assert.deepEqual(
    during.map((one) => one.isAllowed),
    [true, true, true, false, false],
  );
  await waitFor(() => lines.length > 0, patience);
  server = await startRedis({
    dataDir: own.path,
    port: Number(port),
    password: decodeURIComponent(password),
  });
  await waitFor(() => lines.some((line) => line.level === 'info'), patience);
  assert.deepEqual(
    lines.map((line) => line.level),
    ['warn', 'info'],
  );
  const { limiter: other } = openLimiter({ redisUrl: server.url });
  const key = newKey();
  assert.ok((await limiter.take({ ...wish, key, limit: 1 })).isAllowed);
  assert.equal((await other.take({ ...wish, key, limit: 1 })).isAllowed, false);
  await server.stop();
  await own.remove();
});

test('a Redis that keeps silent is left, and one that never was there stops nobody', async () => {
  const own = await temporaryDirectory();
  const server = await startRedis({ dataDir: own.path });
  const { limiter, lines } = openLimiter({ redisUrl: server.url });
  const wish = { key: newKey(), points: 1, limit: 2 };
  assert.ok((await limiter.take(wish)).isAllowed);
  process.kill(server.pid, 'SIGSTOP');
  assert.ok((await limiter.take(wish)).isAllowed);
  assert.ok((await limiter.take(wish)).isAllowed);
  assert.equal((await limiter.take(wish)).isAllowed, false);
  assert.equal(lines.filter((line) => line.level === 'warn').length, 1);
  process.kill(server.pid, 'SIGKILL');
  await server.exited;
  const { limiter: late } = openLimiter({ redisUrl: server.url });
  assert.ok((await late.take({ ...wish, key: newKey() })).isAllowed);
  await own.remove();
});
