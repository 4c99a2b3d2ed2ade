import assert from 'node:assert/strict';
import { after, afterEach, before, beforeEach, describe, test } from 'node:test';
import {
  catalogueChanged,
  type HealthChange,
  healthChanged,
  listModels,
  listProviders,
  streamCompletion,
} from '@mosaic/proto';
import { startService } from '@mosaic/service-kit';
import { waitFor } from '@mosaic/test-kit';
import { type RealBus, startRealBus } from '@mosaic/test-kit/bus';
import { providersService } from '../../src/index.ts';
import { startReplayServer } from '../replay-server.ts';
import { skippableTimers } from '../skippable-timers.ts';
import { fixture } from '../vendor-cases.ts';
import { type MoodyServer, startMoodyServer } from './moody-server.ts';
import { opus, outcomeOf, sonnet, startRegistry } from './run-registry.ts';

let server: MoodyServer;
const env = () => ({
  ANTHROPIC_API_KEY: 'key-of-model-health',
  ANTHROPIC_BASE_URL: server.url,
  OLLAMA_BASE_URL: 'http://127.0.0.1:1',
});
const patience = { timeoutMs: 60_000 };
/** How long a model rests at first. */
const firstRestMs = 30_000;
/** Nobody waits between two tries. */
const quickTimers = () => ({ ...skippableTimers(), random: () => 0 });
const asked = (model: string) => server.requests.filter((one) => one.model === model).length;

beforeEach(async () => {
  server = await startMoodyServer();
});
afterEach(() => server.stop());

describe('a local model that is being loaded', () => {
  test('is shown so until it says something or is given up, and is well all the while', async () => {
    const ollama = await startReplayServer('application/x-ndjson');
    const timers = skippableTimers();
    const { ask, health, registry } = startRegistry({ OLLAMA_BASE_URL: ollama.url }, timers);
    const candidates = [{ provider: 'ollama', model: 'llama3.2' } as const];
    const loading = () => registry.status('ollama').loadingModels.map(({ model }) => model);
    const leaving = new AbortController();
    ollama.queue({ isMute: true, chunks: [] }, { chunks: [fixture('ollama', 'text')] });
    const waiting = ask({ candidates, signal: leaving.signal });
    assert.deepEqual(loading(), []);
    await waitFor(() => ollama.bodies.length === 1, patience);
    timers.skip(1_500);
    assert.deepEqual(loading(), ['llama3.2']);
    assert.equal(registry.status('ollama').isHealthy, true);
    leaving.abort();
    assert.equal(outcomeOf(await waiting), 'cancelled');
    assert.deepEqual(loading(), []);
    assert.deepEqual(
      health.map(({ isHealthy, isLoading, model }) => [model, isHealthy, isLoading]),
      [
        ['llama3.2', true, true],
        ['llama3.2', true, false],
      ],
    );
    assert.equal(outcomeOf(await ask({ candidates })), 'answered');
    assert.deepEqual([loading(), health.at(-1)?.isLoading], [[], false]);
    registry.stop();
    await ollama.stop();
  });
});

describe('a model that is overloaded', () => {
  const overloadOpus: MoodyServer['mood'] = ({ model }) =>
    model === opus.model ? { status: 529, message: 'Overloaded' } : 'answer';

  test('is left alone, its vendor’s other models are not, and it is tried again later', async () => {
    const timers = quickTimers();
    const { ask, registry, health } = startRegistry(env(), timers);
    server.mood = overloadOpus;
    const candidates = [opus, sonnet];
    for (let call = 0; call < 5; call += 1) {
      assert.equal(outcomeOf(await ask({ candidates })), 'answered');
    }
    assert.equal(asked(opus.model), 3);
    assert.equal(asked(sonnet.model), 5);
    assert.equal(outcomeOf(await ask()), 'no_model_available');

    server.mood = () => 'answer';
    timers.skip(firstRestMs);
    assert.equal(outcomeOf(await ask()), 'answered');
    assert.equal(asked(opus.model), 4);
    assert.deepEqual(registry.status('anthropic').restingModels, []);
    assert.deepEqual(
      health.map(({ model, isHealthy }) => [model, isHealthy]),
      [
        [opus.model, false],
        [opus.model, true],
      ],
    );
    registry.stop();
  });

  test('is found out about by one call; that this one is cancelled keeps nobody out', async () => {
    const timers = quickTimers();
    const { ask, registry } = startRegistry(env(), timers);
    server.mood = overloadOpus;
    for (let call = 0; call < 3; call += 1) await ask();
    assert.equal(asked(opus.model), 3);
    timers.skip(firstRestMs);
    assert.deepEqual(registry.status('anthropic').restingModels, []);

    server.mood = () => 'silence';
    const abort = new AbortController();
    const probe = ask({ signal: abort.signal });
    await waitFor(() => asked(opus.model) === 4, patience);
    assert.equal(outcomeOf(await ask()), 'no_model_available');
    assert.equal(asked(opus.model), 4);
    abort.abort();
    assert.equal(outcomeOf(await probe), 'cancelled');

    server.mood = () => 'answer';
    assert.equal(outcomeOf(await ask()), 'answered');
    registry.stop();
  });

  test('rests longer when the call that finds out fails as well', async () => {
    const timers = quickTimers();
    const { ask, registry } = startRegistry(env(), timers);
    server.mood = overloadOpus;
    for (let call = 0; call < 3; call += 1) await ask();
    const restMs = () => {
      const [rest] = registry.status('anthropic').restingModels;
      return rest ? Date.parse(rest.until) - Date.parse(rest.since) : 0;
    };
    assert.equal(Math.round(restMs() / 1_000), 30);
    timers.skip(firstRestMs);
    assert.equal(restMs(), 0);
    await ask();
    // Since the first rest began: its half minute, and a whole one.
    assert.ok(restMs() >= 90_000, `${restMs()}`);
    registry.stop();
  });
});

describe('what the bus hears about health', () => {
  let bus: RealBus;
  before(async () => {
    bus = await startRealBus();
  });
  after(() => bus.stop());

  test('a resting model: an event, its reason in the lists, and the other models usable', async () => {
    const router = await bus.connect('router');
    const agents = await bus.connect('agents');
    const told: HealthChange[] = [];
    let catalogueChanges = 0;
    router.subscribe(healthChanged, (fact) => {
      if (fact.provider === 'anthropic') told.push(fact);
    });
    router.subscribe(catalogueChanged, () => {
      catalogueChanges += 1;
    });
    await router.flush();
    const service = await startService(providersService, {
      ...(await bus.environment('providers')),
      ...env(),
      MOSAIC_LOG_LEVEL: 'silent',
    });
    const anthropic = async () => {
      const { providers } = await router.call(listProviders, {});
      return providers.find((one) => one.name === 'anthropic');
    };
    await waitFor(async () => (await anthropic())?.checkedAt, patience);
    const before = catalogueChanges;
    server.mood = () => ({ status: 529, message: 'Overloaded' });
    const request = {
      candidates: [opus],
      system: null,
      turns: [{ role: 'user' as const, content: [{ type: 'text' as const, text: 'Hi' }] }],
    };
    const options = { caller: bus.person('mia') };
    for (let call = 0; call < 2; call += 1) {
      for await (const part of agents.stream(streamCompletion, request, options)) {
        assert.equal(part.type, 'error');
      }
    }
    await waitFor(() => told.length > 0 && catalogueChanges > before, patience);
    assert.equal(told.length, 1);
    assert.equal(told[0]?.model, opus.model);
    assert.equal(told[0]?.isHealthy, false);
    assert.match(told[0]?.reason ?? '', /Overloaded/);
    const { models } = await router.call(listModels, {});
    const find = (model: string) => models.find((one) => one.model === model);
    assert.equal(find(opus.model)?.isAvailable, false);
    assert.match(find(opus.model)?.unavailableReason ?? '', /Overloaded/);
    assert.equal(find(sonnet.model)?.isAvailable, true);
    const status = await anthropic();
    assert.equal(status?.isHealthy, true);
    assert.deepEqual(
      status?.restingModels.map(({ model }) => model),
      [opus.model],
    );
    await service.stop();
  });
});
