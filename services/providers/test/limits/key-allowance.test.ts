import assert from 'node:assert/strict';
import { after, test } from 'node:test';
import { openRateLimiter } from '@mosaic/service-kit';
import { makeKeyAllowance } from '../../src/app/limits/key-allowance.ts';

const limiter = openRateLimiter({
  redisUrl: undefined,
  log: { info: () => {}, warn: () => {} },
});
after(() => limiter.close());

test('a key has so many calls and tokens in a minute, and another key its own', async () => {
  const keys = makeKeyAllowance(limiter, { requestsPerMinute: 3, tokensPerMinute: 1_000 });
  assert.ok((await keys.take('a', 600)).isAllowed);
  const refused = await keys.take('a', 500);
  assert.ok(!refused.isAllowed && refused.waitMs > 0 && refused.waitMs <= 60_000);
  assert.ok((await keys.take('a', 300)).isAllowed, 'who was refused has taken neither');
  assert.ok((await keys.take('a', 100)).isAllowed);
  assert.equal((await keys.take('a', 0)).isAllowed, false, 'three calls were made');
  assert.ok((await keys.take('b', 1_000)).isAllowed);
});

test('what a call did not use is there for the next one', async () => {
  const keys = makeKeyAllowance(limiter, { requestsPerMinute: null, tokensPerMinute: 1_000 });
  const first = await keys.take('c', 1_000);
  assert.ok(first.isAllowed);
  await first.settle(100);
  assert.equal((await keys.take('c', 901)).isAllowed, false);
  assert.ok((await keys.take('c', 900)).isAllowed);
});

test('without limits every key has room', async () => {
  const keys = makeKeyAllowance(limiter, { requestsPerMinute: null, tokensPerMinute: null });
  for (let count = 0; count < 100; count += 1) {
    assert.ok((await keys.take('d', 1_000_000)).isAllowed);
  }
});
