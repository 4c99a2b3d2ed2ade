import assert from 'node:assert/strict';
import { after, before, test } from 'node:test';
import {
  credentialsChanged,
  decideRoute,
  listModels,
  listOwnModels,
  type ModelCard,
} from '@mosaic/proto';
import {
  type Bus,
  type RunningService,
  type SignedCaller,
  startService,
} from '@mosaic/service-kit';
import { waitFor } from '@mosaic/test-kit';
import { type RealBus, startRealBus } from '@mosaic/test-kit/bus';
import { routerService } from '../src/main.ts';

const card = (model: string, isAvailable: boolean): ModelCard => ({
  provider: 'openai',
  model,
  name: model,
  contextTokens: null,
  maxOutputTokens: null,
  capabilities: ['tools'],
  price: null,
  isAvailable,
  unavailableReason: isAvailable ? null : 'No key.',
});
const question = {
  text: 'hi',
  messageModel: 'openai/gpt-5.4',
  needs: { tools: false, vision: false },
  contextTokens: 1,
};

const patience = { timeoutMs: 60_000 };

let bus: RealBus;
let router: RunningService;
let providers: Bus;
let agents: Bus;
const own = new Map<string, ModelCard[]>();
const asked: string[] = [];

before(async () => {
  bus = await startRealBus();
  [providers, agents] = await Promise.all([bus.connect('providers'), bus.connect('agents')]);
  providers.handle(listModels, async () => ({ models: [card('gpt-5.4', false)] }));
  providers.handle(listOwnModels, async (_, { caller }) => {
    asked.push(caller.userId);
    return { models: own.get(caller.userId) ?? [] };
  });
  await providers.flush();
  const env = { ...(await bus.environment('router')), MOSAIC_LOG_LEVEL: 'silent' };
  router = await startService(routerService, env);
  await waitFor(async () => (await router.notReady()).length === 0, patience);
});
after(async () => {
  await router.stop();
  await bus.stop();
});

const decide = (caller: SignedCaller) =>
  agents.call(decideRoute, question, { caller }).then(
    ({ decision }) => `${decision.provider}/${decision.model}`,
    (thrown: { code: string }) => thrown.code,
  );

async function change(caller: SignedCaller, models: ModelCard[]) {
  own.set(caller.userId, models);
  const tokens = { userId: caller.userId };
  providers.publishLive(credentialsChanged, { provider: 'openai' }, { tokens });
  await providers.flush();
}

test('a vendor that is there for one person alone is chosen for that person alone', async () => {
  const [ann, bob] = [bus.person('ann'), bus.person('bob')];
  own.set('ann', [card('gpt-5.4', true)]);
  await waitFor(async () => (await decide(ann)) === 'openai/gpt-5.4', patience);
  assert.equal(await decide(bob), 'no_model_available');
});

/** Resolves when what both have is known: a decision waits for it no longer than half a second. */
const untilKnown = (callers: readonly SignedCaller[]) =>
  waitFor(async () => {
    asked.length = 0;
    await Promise.all(callers.map(decide));
    return asked.length === 0;
  }, patience);

test('while nothing changes no decision asks for it again', async () => {
  const [ann, bob] = [bus.person('ann'), bus.person('bob')];
  await untilKnown([ann, bob]);
  for (let round = 0; round < 20; round += 1) await Promise.all([decide(ann), decide(bob)]);
  assert.deepEqual(asked, []);
});

test('a change is heard at once, and asks for nobody else again', async () => {
  const [ann, bob] = [bus.person('ann'), bus.person('bob')];
  await untilKnown([ann, bob]);
  await change(ann, []);
  await waitFor(async () => (await decide(ann)) === 'no_model_available', patience);
  assert.equal(await decide(bob), 'no_model_available');
  assert.deepEqual(asked, ['ann']);
  await change(bob, [card('gpt-5.4', true)]);
  await waitFor(async () => (await decide(bob)) === 'openai/gpt-5.4', patience);
  assert.equal(await decide(ann), 'no_model_available');
});
