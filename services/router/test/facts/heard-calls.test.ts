import assert from 'node:assert/strict';
import { after, before, test } from 'node:test';
import {
  callEnded,
  decideRoute,
  type EndedCall,
  type LimitsReport,
  limitsChanged,
  listModels,
  makeId,
  readLimits,
} from '@mosaic/proto';
import {
  type Bus,
  type RunningService,
  type SignedCaller,
  startService,
} from '@mosaic/service-kit';
import { waitFor } from '@mosaic/test-kit';
import { type RealBus, startRealBus } from '@mosaic/test-kit/bus';
import { routerService } from '../../src/main.ts';
import { exampleCards } from '../rules/example-cards.ts';

const patience = { timeoutMs: 60_000 };

let bus: RealBus;
let router: RunningService;
let providers: Bus;
let agents: Bus;
/** What the limits of each person are; who is not here has none. */
const leftUsd = new Map<string, number>();
const asked: string[] = [];

before(async () => {
  bus = await startRealBus();
  [providers, agents] = await Promise.all([bus.connect('providers'), bus.connect('agents')]);
  providers.handle(listModels, async () => ({ models: [...exampleCards] }));
  providers.handle(readLimits, async (_, { caller }) => {
    asked.push(caller.userId);
    return reportOf(caller.userId);
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

function reportOf(userId: string): LimitsReport {
  const left = leftUsd.get(userId) ?? null;
  return {
    userId,
    limits: { budgetUsdPerDay: left, requestsPerMinute: null, tokensPerMinute: null },
    own: null,
    today: {
      spentUsd: 0,
      reservedUsd: 0,
      leftUsd: left,
      unknownCostCalls: 0,
      resetsAt: '2026-11-26T00:00:00.000Z',
    },
  };
}

async function decide(caller: SignedCaller) {
  const needs = { tools: false, vision: false };
  const question = { text: 'Who wrote Moby Dick?', needs, contextTokens: 10 };
  return (await agents.call(decideRoute, question, { caller })).decision;
}

const budgetOf = async (caller: SignedCaller) =>
  (await decide(caller)).facts?.find(({ fact }) => fact === 'budgetLeft');

/** Tells that a call of somebody has ended, as providers do. */
async function end(userId: string, how: Partial<EndedCall>): Promise<void> {
  const id = makeId();
  const call: EndedCall = {
    id,
    provider: 'anthropic',
    model: 'claude-haiku-4-5-20251001',
    startedAt: new Date().toISOString(),
    conversationId: null,
    agent: null,
    purpose: 'turn',
    isSimulated: false,
    outcome: 'answered',
    stop: 'stop',
    errorCode: null,
    usage: null,
    cost: { usd: 0.25, source: 'table' },
    timings: { firstTokenMs: 400, totalMs: 1_000 },
    attempts: 1,
    skipped: [],
    ...how,
  };
  await providers.publish(callEnded, call, { tokens: { userId }, messageId: `${id}-ended` });
}

test('what is left of the day’s budget is known from the first question on, and falls with each call', async () => {
  const name = await personWithBudget(2);
  const caller = bus.person(name);
  await end(name, {});
  await waitFor(async () => (await budgetOf(caller))?.value === 1.75, patience);
  // Neither somebody else's money nor what a look-alike says is taken off.
  await end('bob', {});
  await end(name, { isSimulated: true });
  await end(name, { cost: { usd: 1.748, source: 'table' } });
  const isLeft = async () => Math.abs(Number((await budgetOf(caller))?.value) - 0.002) < 1e-9;
  await waitFor(isLeft, patience);
  assert.equal((await decide(caller)).provider, 'ollama', 'nothing that costs more is left');
  assert.equal(asked.filter((one) => one === name).length, 1, 'no other decision asked for it');
});

/**
 * Somebody whose first question has found a budget: the router waits for it no longer than 300 ms,
 * which on a busy machine may be too short for some.
 */
async function personWithBudget(usd: number): Promise<string> {
  let people = 0;
  return waitFor(async () => {
    people += 1;
    const name = `mia-${people}`;
    leftUsd.set(name, usd);
    const found = await budgetOf(bus.person(name));
    if (found?.value !== usd) return undefined;
    assert.deepEqual(found, { fact: 'budgetLeft', value: usd, source: 'limits' });
    return name;
  }, patience);
}

test('a limit that an administrator changes is heard', async () => {
  const name = await personWithBudget(2);
  leftUsd.set(name, 9);
  providers.publishLive(limitsChanged, { userId: name }, { tokens: {} });
  await waitFor(async () => (await budgetOf(bus.person(name)))?.value === 9, patience);
});

test('without a budget nothing is known about it', async () => {
  const unknown = { fact: 'budgetLeft', value: null, source: 'nobody' };
  assert.deepEqual(await budgetOf(bus.person('zoe')), unknown);
});

test('how long a model is expected to take is the median of its last answered calls', async () => {
  const caller = bus.person('lea');
  const { model } = await decide(caller);
  assert.equal(model, 'claude-haiku-4-5');
  for (const totalMs of [900, 3_000, 1_500]) {
    await end('lea', { timings: { firstTokenMs: totalMs / 2, totalMs } });
  }
  await end('lea', { outcome: 'failed', timings: { firstTokenMs: null, totalMs: 60_000 } });
  const seen = await waitFor(async () => {
    const { expectedLatency } = await decide(caller);
    // Of the calls above, four of which have ended with an answer.
    return expectedLatency?.calls === 7 ? expectedLatency : undefined;
  }, patience);
  assert.deepEqual(seen, { firstTokenMs: 400, totalMs: 1_000, calls: 7 });
  assert.equal((await decide(caller)).nextBest?.expectedLatency, null, 'nobody asked that one yet');
});
