import assert from 'node:assert/strict';
import { describe, test } from 'node:test';
import type { ErrorCode } from '@mosaic/proto';
import { obstacleOfKeys, restReason, toKeyStatus } from '../../src/app/keys/explain-rests.ts';
import { identifyKey, installationKey } from '../../src/app/keys/identify-key.ts';
import { type KeyRest, KeyRests } from '../../src/app/keys/key-rests.ts';
import { pickKey } from '../../src/app/keys/pick-key.ts';
import { makeFault } from '../../src/app/vendor/vendor-fault.ts';

const secrets = ['first-secret-aaaa', 'second-secret-bbbb', 'third-secret-cccc'];
const keys = secrets.map((secret) => installationKey('anthropic', secret));
const [a, b, c] = keys as [(typeof keys)[0], (typeof keys)[0], (typeof keys)[0]];
const minuteMs = 60_000;

/** Rests under a clock that a test sets; chance always gives the full time. */
function restsAt(startMs: number) {
  const clock = { nowMs: startMs };
  const rests = new KeyRests({ now: () => clock.nowMs, random: () => 1 });
  const fail = (
    code: ErrorCode,
    retryAfterMs: number | null = null,
    by: 'call' | 'test' = 'call',
  ) => rests.failed(a.id, makeFault(code, code, retryAfterMs), by);
  const leftMs = () => (rests.of(a.id)?.untilMs ?? clock.nowMs) - clock.nowMs;
  return { clock, rests, fail, leftMs };
}

describe('the id of a key', () => {
  test('is the same for the same secret, another at another vendor, and gives nothing away', () => {
    assert.equal(identifyKey('openai', 'secret'), identifyKey('openai', 'secret'));
    assert.notEqual(identifyKey('openai', 'secret'), identifyKey('zai', 'secret'));
    assert.match(a.id, /^[0-9a-f]{16}$/);
  });
});

describe('the key to ask with', () => {
  const pick = (conversationId: string | undefined, resting: readonly string[] = [], random = 0) =>
    pickKey(keys, { conversationId, random, isReady: ({ id }) => !resting.includes(id) });

  test('stays the same for a conversation, in whatever order the keys are named', () => {
    for (let number = 0; number < 50; number += 1) {
      const conversationId = `conversation ${number}`;
      const turned = pickKey(keys.toReversed(), {
        conversationId,
        random: 0.9,
        isReady: () => true,
      });
      assert.equal(pick(conversationId)?.id, turned?.id);
    }
  });

  test('differs from conversation to conversation, by equal shares', () => {
    const counts = new Map<string, number>();
    for (let number = 0; number < 3_000; number += 1) {
      const id = pick(`c${number}`)?.id ?? '';
      counts.set(id, (counts.get(id) ?? 0) + 1);
    }
    assert.equal(counts.size, 3);
    for (const count of counts.values()) assert.ok(count > 850 && count < 1_150, `${count}`);
  });

  test('moves only the conversations of a key that rests', () => {
    const moved = Array.from({ length: 300 }, (_, number) => `c${number}`).filter(
      (id) => pick(id)?.id !== pick(id, [a.id])?.id,
    );
    assert.ok(moved.length > 50);
    for (const id of moved) assert.equal(pick(id)?.id, a.id);
  });

  test('is any ready one without a conversation, and none when all rest', () => {
    assert.deepEqual(
      [0, 0.5, 0.99].map((random) => pick(undefined, [], random)?.id),
      [a.id, b.id, c.id],
    );
    assert.equal(pick(undefined, [a.id, b.id], 0.99)?.id, c.id);
    assert.equal(pick('any', [a.id, b.id, c.id]), undefined);
  });
});

describe('how long a key rests', () => {
  const table: readonly [ErrorCode, number | null, number][] = [
    ['provider_rate_limited', 30_000, 30_000],
    ['provider_rate_limited', null, 500],
    ['provider_quota', 5 * 60 * minuteMs, 5 * 60 * minuteMs],
    ['provider_quota', null, 10 * minuteMs],
    ['provider_auth', null, minuteMs],
    ['provider_rate_limited', 0, 0],
    ['provider_rate_limited', 30 * 24 * 60 * minuteMs, 8 * 24 * 60 * minuteMs],
    ['provider_overloaded', 30_000, 0],
    ['provider_unreachable', null, 0],
    ['provider_refused', null, 0],
    ['cancelled', null, 0],
  ];
  for (const [code, retryAfterMs, restMs] of table) {
    test(`${code} (wait ${retryAfterMs ?? 'not said'}) means ${restMs} ms`, () => {
      const { fail, leftMs } = restsAt(1_000);
      assert.equal(fail(code, retryAfterMs), restMs > 0);
      assert.equal(leftMs(), restMs);
    });
  }

  test('doubles with each rest that did not help, up to a minute, and starts over after an answer', () => {
    const { clock, rests, fail, leftMs } = restsAt(0);
    const seen: number[] = [];
    for (let round = 0; round < 9; round += 1) {
      fail('provider_rate_limited');
      seen.push(leftMs());
      clock.nowMs += leftMs();
    }
    assert.deepEqual(seen, [500, 1_000, 2_000, 4_000, 8_000, 16_000, 32_000, 60_000, 60_000]);
    rests.answered(a.id);
    fail('provider_rate_limited');
    assert.equal(leftMs(), 500);
  });

  test('counts a burst of calls that fail together once', () => {
    const { clock, fail, leftMs } = restsAt(0);
    for (let call = 0; call < 100; call += 1) fail('provider_rate_limited');
    assert.equal(leftMs(), 500);
    clock.nowMs += 500;
    fail('provider_rate_limited');
    assert.equal(leftMs(), 1_000);
  });

  test('takes the longest of what the vendor said, and an answer on its way does not end it', () => {
    const { clock, rests, fail, leftMs } = restsAt(0);
    fail('provider_rate_limited', 60_000);
    assert.equal(fail('provider_rate_limited', 1_000), false);
    clock.nowMs += 10_000;
    assert.equal(fail('provider_rate_limited', 60_000), true);
    rests.answered(a.id);
    assert.equal(rests.passedTest(a.id), false);
    assert.equal(leftMs(), 60_000);
    assert.equal(rests.of(a.id)?.sinceMs, 0);
  });

  test('a refused key rests as long as its tests fail, and until the next good one', () => {
    const { clock, rests, fail, leftMs } = restsAt(0);
    fail('provider_auth');
    for (let test = 0; test < 40; test += 1) {
      clock.nowMs += 30_000;
      assert.equal(fail('provider_auth', null, 'test'), true);
    }
    assert.equal(leftMs(), minuteMs);
    assert.equal(rests.passedTest(a.id), true);
    assert.equal(rests.of(a.id), null);
  });

  test('a test that lies is not believed again until a call has worked', () => {
    const { clock, rests, fail, leftMs } = restsAt(0);
    fail('provider_auth');
    assert.equal(rests.passedTest(a.id), true);
    fail('provider_auth');
    assert.equal(rests.passedTest(a.id), false);
    assert.equal(leftMs(), 2 * minuteMs);
    clock.nowMs += leftMs();
    rests.answered(a.id);
    fail('provider_auth');
    assert.equal(rests.passedTest(a.id), true);
  });
});

describe('what another replica says about a key', () => {
  const rest = (untilMs: number, kind: KeyRest['kind'] = 'rate-limit'): KeyRest => ({
    kind,
    untilMs,
    sinceMs: 0,
    reason: 'said',
  });

  test('holds here as well, unless it is shorter than what is known', () => {
    const { rests, leftMs } = restsAt(0);
    assert.equal(rests.hear(a.id, rest(5_000)), true);
    assert.equal(rests.hear(a.id, rest(4_000)), false);
    assert.equal(leftMs(), 5_000);
    assert.deepEqual(
      rests.running().map(([id]) => id),
      [a.id],
    );
  });

  test('that it is ready ends an earlier refusal, and nothing that a vendor asked for', () => {
    const { clock, rests, fail } = restsAt(0);
    const ready = (sinceMs: number) => ({ kind: 'ready' as const, sinceMs });
    rests.hear(a.id, rest(5_000));
    assert.equal(rests.hear(a.id, ready(1)), false);
    rests.hear(b.id, rest(5_000, 'refused'));
    assert.equal(rests.hear(b.id, ready(1)), true);
    assert.deepEqual(
      rests.running().map(([id]) => id),
      [a.id],
    );
    clock.nowMs = 6_000;
    fail('provider_auth');
    assert.equal(rests.hear(a.id, ready(5_999)), false);
    assert.equal(rests.of(a.id)?.kind, 'refused');
  });

  test('is forgotten when it is over', () => {
    const { clock, rests } = restsAt(0);
    rests.hear(a.id, rest(5_000));
    clock.nowMs = 5_000;
    assert.equal(rests.of(a.id), null);
    assert.equal(rests.hear(a.id, rest(5_000)), false);
  });
});

describe('what people hear about keys', () => {
  const now = (nowMs: number) => {
    const world = restsAt(nowMs);
    return { ...world, view: { keys, rests: world.rests, nowMs } };
  };

  test('a vendor is unwell only when every key rests longer than a call would wait', () => {
    const { rests, view } = now(0);
    const restAll = (ms: number) => {
      for (const { id } of keys) {
        rests.failed(id, makeFault('provider_rate_limited', 'slow down', ms), 'call');
      }
    };
    rests.failed(a.id, makeFault('provider_auth', 'no'), 'call');
    assert.equal(restReason(view), null);
    restAll(2_000);
    assert.equal(restReason(view), null);
    restAll(9_000);
    assert.match(restReason(view) ?? '', /^All 3 keys rest.*1970-01-01T00:00:09\.000Z: slow down$/);
  });

  test('the obstacle says when the first key is ready, by the kind of its rest', () => {
    const { rests, view } = now(0);
    for (const { id } of keys) rests.failed(id, makeFault('provider_auth', 'refused'), 'call');
    assert.equal(obstacleOfKeys(view).code, 'provider_auth');
    const one = { ...view, keys: [a] };
    assert.equal(obstacleOfKeys(one).message, 'The key is refused: refused');
    const { rests: limited } = now(0);
    limited.failed(a.id, makeFault('provider_rate_limited', 'slow down', 7_000), 'call');
    const obstacle = obstacleOfKeys({ keys: [a], rests: limited, nowMs: 0 });
    assert.equal(obstacle.code, 'provider_rate_limited');
    assert.equal(obstacle.retryAfterMs, 7_000);
  });

  test('a key shows its last four characters, its state and until when', () => {
    const { rests } = now(0);
    const ready = { hint: 'aaaa', owner: 'installation' as const, until: null, reason: null };
    assert.deepEqual(toKeyStatus(a, rests), { ...ready, state: 'ready' });
    rests.failed(a.id, makeFault('provider_auth', 'no'), 'call');
    const refused = { state: 'refused', until: '1970-01-01T00:01:00.000Z', reason: 'no' };
    assert.deepEqual(toKeyStatus(a, rests), { ...ready, ...refused });
    rests.failed(b.id, makeFault('provider_quota', 'broke'), 'call');
    assert.equal(toKeyStatus(b, rests).state, 'resting');
    assert.equal(toKeyStatus(installationKey('zai', 'short'), rests).hint, null);
  });
});
