import assert from 'node:assert/strict';
import { after, test } from 'node:test';
import {
  type CompletionPart,
  catalogueChanged,
  createEmbedding,
  listModels,
  listProviders,
  streamCompletion,
  testProvider,
} from '@mosaic/proto';
import { startService } from '@mosaic/service-kit';
import { startVendors, waitFor } from '@mosaic/test-kit';
import { startRealBus } from '@mosaic/test-kit/bus';
import { providersService } from '../src/index.ts';

const vendors = await startVendors({ paceMs: 2 });
const bus = await startRealBus();
const { OPENROUTER_API_KEY: _, ...environment } = vendors.environment();
const service = await startService(providersService, {
  ...environment,
  ...(await bus.environment('providers')),
  MOSAIC_SIMULATED_PROVIDERS: 'anthropic,ollama',
  MOSAIC_LOG_LEVEL: 'silent',
});
const agents = await bus.connect('agents');
const gateway = await bus.connect('gateway');
const router = await bus.connect('router');
const caller = bus.person('mia');
after(async () => {
  await service.stop();
  await bus.stop();
  await vendors.stop();
});

const patience = { timeoutMs: 60_000 };
const opus = { provider: 'anthropic', model: 'claude-opus-4-6' } as const;
const gpt = { provider: 'openai', model: 'gpt-5.4' } as const;
const routed = { provider: 'openrouter', model: 'z-ai/glm-5' } as const;
const question = {
  system: 'Be brief.',
  turns: [{ role: 'user' as const, content: [{ type: 'text' as const, text: 'Say hello.' }] }],
};

async function ask(candidates: (typeof opus | typeof gpt | typeof routed)[]) {
  const parts: CompletionPart[] = [];
  const request = { ...question, candidates };
  for await (const part of agents.stream(streamCompletion, request, { caller })) parts.push(part);
  return parts;
}

test('streams an answer over the bus and marks a look-alike as simulated', async () => {
  vendors.script({ vendor: 'anthropic', reply: 'Hello there.' });
  const parts = await ask([opus]);
  assert.equal(parts[0]?.type === 'start' && parts[0].isSimulated, true);
  const text = parts.map((part) => (part.type === 'text' ? part.text : '')).join('');
  assert.equal(text, 'Hello there.');
  const end = parts.at(-1);
  assert.ok(end?.type === 'end' && end.cost.usd !== null && end.cost.usd > 0);
});

test('goes past a vendor without key and one that is overloaded, and says why', async () => {
  const fault = { kind: 'status', status: 529 } as const;
  vendors.script({ vendor: 'anthropic', times: 2, fault });
  const parts = await ask([routed, opus, gpt]);
  const start = parts[0];
  assert.ok(start?.type === 'start');
  assert.equal(start.provider, 'openai');
  assert.equal(start.isSimulated, false);
  assert.deepEqual(
    start.skipped.map((one) => one.provider),
    ['openrouter', 'anthropic'],
  );
  assert.match(start.skipped[0]?.why ?? '', /OPENROUTER_API_KEY/);
});

test('one error part when no candidate could answer', async () => {
  const fault = { kind: 'cut', afterChunks: 0 } as const;
  vendors.script({ vendor: 'anthropic', times: 2, fault });
  const parts = await ask([routed, opus]);
  assert.equal(parts.length, 1);
  const error = parts[0];
  assert.ok(error?.type === 'error');
  assert.equal(error.failure.code, 'no_model_available');
  assert.equal(error.skipped.length, 2);
});

test('a cancel over the bus closes the socket of the vendor', async () => {
  vendors.clearJournal();
  vendors.script({ vendor: 'anthropic', reply: 'word '.repeat(5_000), paceMs: 10 });
  const abort = new AbortController();
  const parts: CompletionPart[] = [];
  const options = { caller, signal: abort.signal };
  const request = { ...question, candidates: [opus] };
  for await (const part of agents.stream(streamCompletion, request, options)) {
    parts.push(part);
    if (part.type === 'text') abort.abort();
  }
  const last = parts.at(-1);
  assert.equal(last?.type === 'error' && last.failure.code, 'cancelled');
  // An attempt that brought nothing may come before the one that was cancelled.
  const answers = () =>
    vendors.journal.filter((one) => one.model === opus.model && one.chunksSent > 0);
  // Within 50 ms, as the benchmark measures; the whole reply would take 50 s.
  await waitFor(() => answers()[0]?.aborted === true, { timeoutMs: 30_000 });
  assert.equal(answers().length, 1);
});

test('lists every vendor’s models, those without a key with the reason', async () => {
  await waitFor(async () => {
    const { providers } = await router.call(listProviders, {});
    return providers.every((one) => one.checkedAt !== null || !one.isConfigured);
  }, patience);
  const { providers } = await router.call(listProviders, {});
  assert.equal(providers.length, 5);
  const absent = providers.find((one) => one.name === 'openrouter');
  assert.equal(absent?.isConfigured, false);
  assert.match(absent?.reason ?? '', /OPENROUTER_API_KEY/);
  const present = providers.find((one) => one.name === 'anthropic');
  assert.equal(present?.isHealthy, true);
  assert.equal(present?.keyHint, '-key');
  const { models } = await router.call(listModels, {});
  const find = (model: string) => models.find((one) => one.model === model);
  assert.equal(find('claude-opus-4-6')?.isAvailable, true);
  assert.equal(find('z-ai/glm-5')?.isAvailable, false);
  assert.match(find('z-ai/glm-5')?.unavailableReason ?? '', /OPENROUTER_API_KEY/);
});

test('a vendor that refuses the key is unwell until its next good list, and the router hears it', async () => {
  const heard: boolean[] = [];
  const listening = router.subscribe(catalogueChanged, (fact) => {
    if (fact.provider === 'zai') heard.push(fact.isHealthy);
  });
  await router.flush();
  vendors.script({ vendor: 'zai', endpoint: 'models', fault: { kind: 'status', status: 401 } });
  const sick = await gateway.call(testProvider, { name: 'zai' }, { caller });
  assert.equal(sick.status.isHealthy, false);
  assert.ok(sick.status.reason);
  const well = await gateway.call(testProvider, { name: 'zai' }, { caller });
  assert.equal(well.status.isHealthy, true);
  await waitFor(() => heard.length >= 2, patience);
  assert.deepEqual(heard, [false, true]);
  await listening.stop();
});

test('turns texts into vectors of one width', async () => {
  const reply = await gateway.call(createEmbedding, { texts: ['one', 'two'] }, { caller });
  assert.equal(reply.vectors.length, 2);
  assert.equal(reply.vectors[1]?.length, reply.width);
});
