import assert from 'node:assert/strict';
import { afterEach, beforeEach, describe, test } from 'node:test';
import type { ModelRef } from '@mosaic/proto';
import { realTimers } from '../../src/adapters/real-timers.ts';
import type { Timers } from '../../src/app/vendor/vendor-port.ts';
import { type Mood, type MoodyServer, startMoodyServer } from './moody-server.ts';
import { hurriedTimers, opus, outcomeOf, sonnet, startRegistry } from './run-registry.ts';

const calls = 500;
/** What the budget promises: at most 1.2 requests per call. */
const mostRequests = calls * 1.2;

let server: MoodyServer;
let ask: (number: number) => Promise<string>;
let stop = () => {};

beforeEach(async () => {
  server = await startMoodyServer();
});
afterEach(async () => {
  stop();
  await server.stop();
});

interface Replica {
  readonly keys?: number;
  readonly candidates?: readonly ModelRef[];
  readonly timers?: Timers;
}

/** One replica; its waits pass twenty times as fast unless a test says otherwise. */
function start({ keys = 1, candidates = [opus], timers = hurriedTimers(20) }: Replica = {}) {
  const secrets = Array.from({ length: keys }, (_, key) => `key-${key}-of-nobody`);
  const env = {
    ANTHROPIC_API_KEY: secrets.join('\n'),
    ANTHROPIC_BASE_URL: server.url,
    MOSAIC_PROVIDER_FIRST_PART_MS: '2000000',
    MOSAIC_PROVIDER_TOTAL_MS: '2000000',
  };
  const replica = startRegistry(env, timers);
  ask = async (number) =>
    outcomeOf(await replica.ask({ candidates, conversationId: `c${number}` }));
  stop = () => replica.registry.stop();
}

async function askInParallel(): Promise<string[]> {
  return Promise.all(Array.from({ length: calls }, (_, number) => ask(number)));
}

async function askInSequence(): Promise<string[]> {
  const outcomes: string[] = [];
  for (let number = 0; number < calls; number += 1) outcomes.push(await ask(number));
  return outcomes;
}

function assertFewRequests() {
  const { length } = server.requests;
  assert.ok(length > 0 && length <= mostRequests, `${length} requests for ${calls} calls`);
}

const limited = (headers: Record<string, string> = {}): Mood => ({ status: 429, headers });
const moods: readonly [string, Mood][] = [
  ['without Retry-After', limited()],
  ['with Retry-After: 30', limited({ 'retry-after': '30' })],
  ['with Retry-After: 0', limited({ 'retry-after': '0' })],
];
const ways = [
  ['in parallel', askInParallel],
  ['in sequence', askInSequence],
] as const;

describe(`${calls} calls of a vendor that refuses everything`, () => {
  for (const [way, askAll] of ways) {
    for (const [what, mood] of moods) {
      test(`429 ${what}, ${way}: at most 1.2 requests per call`, async () => {
        start();
        server.mood = () => mood;
        const outcomes = await askAll();
        assert.deepEqual(new Set(outcomes), new Set(['provider_rate_limited']));
        assertFewRequests();
      });
    }
  }

  test('429 with three keys: at most 1.2 requests per call', async () => {
    start({ keys: 3 });
    server.mood = () => limited();
    await askInParallel();
    assertFewRequests();
    assert.equal(new Set(server.requests.map(({ key }) => key)).size, 3);
  });

  test('429 with an alternative at the same vendor: at most 1.2 requests per call', async () => {
    start({ candidates: [opus, sonnet] });
    server.mood = () => limited({ 'retry-after': '0' });
    await askInParallel();
    assertFewRequests();
  });

  test('529: at most 1.2 requests per call', async () => {
    start();
    server.mood = () => ({ status: 529 });
    await askInParallel();
    assertFewRequests();
  });
});

describe(`${calls} calls of a vendor that answers 429 to every second request`, () => {
  for (const [way, askAll] of ways) {
    test(`without Retry-After, ${way}: at most 1.2 requests per call`, async () => {
      start();
      server.mood = (_request, number) => (number % 2 === 0 ? limited() : 'answer');
      await askAll();
      assertFewRequests();
    });
  }

  test('with Retry-After: 0: at most 1.2 requests per call, and every retry helps', async () => {
    start();
    const refusal = limited({ 'retry-after': '0' });
    server.mood = (_request, number) => (number % 2 === 0 ? refusal : 'answer');
    const outcomes = await askInSequence();
    assertFewRequests();
    const retries = server.requests.length - calls;
    const refused = outcomes.filter((one) => one !== 'answered').length;
    assert.ok(retries > calls / 20, `${retries} retries`);
    assert.equal(refused + retries, Math.floor(server.requests.length / 2));
  });
});

describe('a lonely call', () => {
  test('may be asked once more, and its answer is shown', async () => {
    start({ timers: realTimers });
    server.mood = (_request, number) => (number === 1 ? limited() : 'answer');
    assert.equal(await ask(1), 'answered');
    assert.equal(server.requests.length, 2);
  });

  test('two in a minute may, the third may not', async () => {
    start({ timers: realTimers });
    server.mood = () => limited({ 'retry-after': '0' });
    for (let number = 0; number < 4; number += 1) await ask(number);
    assert.equal(server.requests.length, 4 + 2);
  });
});
