import assert from 'node:assert/strict';
import { after, afterEach, before, beforeEach, describe, test } from 'node:test';
import {
  type CompletionPart,
  keyRests,
  listProviders,
  streamCompletion,
  testProvider,
} from '@mosaic/proto';
import { type Bus, createLogger, type RunningService, startService } from '@mosaic/service-kit';
import { waitFor } from '@mosaic/test-kit';
import { type RealBus, startRealBus } from '@mosaic/test-kit/bus';
import { providersService } from '../../src/index.ts';
import { type Mood, type MoodyServer, startMoodyServer } from './moody-server.ts';
import { opus, outcomeOf } from './run-registry.ts';

const patience = { timeoutMs: 60_000 };
const calls = 500;
const mostRequests = calls * 1.2;

let bus: RealBus;
let agents: Bus;
let gateway: Bus;
let server: MoodyServer;
let replicas: RunningService[] = [];
let installations = 0;

before(async () => {
  bus = await startRealBus();
  agents = await bus.connect('agents');
  gateway = await bus.connect('gateway');
});
after(() => bus.stop());
beforeEach(async () => {
  server = await startMoodyServer();
  installations += 1;
});
afterEach(async () => {
  await Promise.all(replicas.map((one) => one.stop()));
  replicas = [];
  await server.stop();
});

/** A key that no other test has seen: what is known about a key outlives its replicas. */
const keyNow = () => `key-${installations}-of-nobody`;

async function startReplica(log = createLogger('silent')): Promise<RunningService> {
  const env = {
    ...(await bus.environment('providers')),
    ANTHROPIC_API_KEY: keyNow(),
    ANTHROPIC_BASE_URL: server.url,
    OLLAMA_BASE_URL: 'http://127.0.0.1:1',
  };
  const replica = await startService(providersService, env, { log });
  replicas.push(replica);
  return replica;
}

async function ask(number: number): Promise<string> {
  const parts: CompletionPart[] = [];
  const request = {
    candidates: [opus],
    system: null,
    turns: [{ role: 'user' as const, content: [{ type: 'text' as const, text: 'Hi' }] }],
    conversationId: `c${number}`,
  };
  const options = { caller: bus.person('mia') };
  for await (const part of agents.stream(streamCompletion, request, options)) parts.push(part);
  return outcomeOf(parts);
}

const askInParallel = (count = calls) =>
  Promise.all(Array.from({ length: count }, (_, number) => ask(number)));

const limited = (retryAfter: string): Mood => ({
  status: 429,
  headers: { 'retry-after': retryAfter },
});

/** A mood for completions; the list of models that each replica reads at its start is answered. */
const limit =
  (decide: (number: number) => Mood): MoodyServer['mood'] =>
  ({ model }, number) =>
    model === 'list' ? 'answer' : decide(number);

describe(`${calls} calls at two replicas`, () => {
  beforeEach(async () => {
    await startReplica();
    await startReplica();
  });

  test('429 to everything, in parallel: at most 1.2 requests per call', async () => {
    server.mood = limit(() => limited('0'));
    const outcomes = await askInParallel();
    assert.deepEqual(new Set(outcomes), new Set(['provider_rate_limited']));
    assert.ok(server.requests.length <= mostRequests, `${server.requests.length} requests`);
  });

  test('429 to everything, in sequence: at most 1.2 requests per call', async () => {
    server.mood = limit(() => limited('0'));
    for (let number = 0; number < calls; number += 1) await ask(number);
    assert.ok(server.requests.length <= mostRequests, `${server.requests.length} requests`);
    assert.ok(server.requests.length >= calls);
  });

  test('429 to every second request: at most 1.2 requests per call', async () => {
    server.mood = limit((number) => (number % 2 === 0 ? limited('0') : 'answer'));
    await askInParallel();
    assert.ok(server.requests.length <= mostRequests, `${server.requests.length} requests`);
    assert.ok(server.requests.length >= calls);
  });
});

describe('what one replica learns about a key', () => {
  const stateOfKey = async () => {
    const { providers } = await gateway.call(listProviders, {});
    return providers.find((one) => one.name === 'anthropic')?.keys[0]?.state;
  };
  /** Every replica has heard of it: enough answers in a row come from all of them. */
  const untilAllSay = (state: string) =>
    waitFor(async () => {
      const states = await Promise.all(Array.from({ length: 20 }, stateOfKey));
      return states.every((one) => one === state);
    }, patience);

  test('keeps the others from asking, and one that starts later as well', async () => {
    const first = await startReplica();
    const second = await startReplica();
    server.mood = limit(() => limited('60'));
    assert.equal(await ask(0), 'provider_rate_limited');
    await untilAllSay('resting');
    await askInParallel(40);
    assert.equal(server.requests.length, 1);

    await startReplica();
    await Promise.all([first.stop(), second.stop()]);
    // It starts without what the others know when it does not hear that within two seconds.
    await untilAllSay('resting');
    assert.equal(await ask(1), 'provider_rate_limited');
    assert.equal(server.requests.length, 1);
  });

  test('keeps the others from a model that the key may not use, and from no other', async () => {
    await startReplica();
    await startReplica();
    server.mood = limit(() => ({ status: 403 }));
    assert.equal(await ask(0), 'provider_forbidden');
    const rests = async () => {
      const { providers } = await gateway.call(listProviders, {});
      return providers.find((one) => one.name === 'anthropic')?.restingModels[0]?.model;
    };
    await waitFor(async () => {
      const models = await Promise.all(Array.from({ length: 20 }, rests));
      return models.every((model) => model === opus.model);
    }, patience);
    await untilAllSay('ready');
    await askInParallel(40);
    assert.equal(server.requests.length, 1);
  });

  test('ends for all when a refused key passes a test at one', async () => {
    await startReplica();
    await startReplica();
    server.mood = () => ({ status: 401 });
    assert.equal(await ask(0), 'provider_auth');
    await untilAllSay('refused');
    server.mood = () => 'answer';
    await gateway.call(testProvider, { name: 'anthropic' }, { caller: bus.person('mia') });
    await untilAllSay('ready');
    assert.equal(await ask(1), 'answered');
  });

  test('is in no log line and in no entry of the bucket with the key itself', async () => {
    const lines: string[] = [];
    await startReplica(createLogger('trace', { write: (line) => lines.push(line) }));
    const entries: string[] = [];
    const watcher = await bus.connect('providers');
    watcher.watchState(keyRests, { changed: (_, word) => entries.push(JSON.stringify(word)) });
    server.mood = ({ key }) => ({ status: 401, message: `The key ${key} is wrong.` });
    assert.equal(await ask(0), 'provider_auth');
    await waitFor(() => entries.some((entry) => entry.includes('(the key) is wrong')), patience);
    assert.ok(lines.length > 3);
    for (const text of [...lines, ...entries]) assert.ok(!text.includes(keyNow()), text);
  });

  test('survives a bus that is killed', async () => {
    await startReplica();
    await startReplica();
    server.mood = limit(() => limited('60'));
    assert.equal(await ask(0), 'provider_rate_limited');
    await untilAllSay('resting');
    await bus.kill();
    await bus.restart();
    await untilAllSay('resting');
    await askInParallel(20);
    assert.equal(server.requests.length, 1);
  });
});
