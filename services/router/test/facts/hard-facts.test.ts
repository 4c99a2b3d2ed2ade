import assert from 'node:assert/strict';
import { test } from 'node:test';
import type { ModelCard } from '@mosaic/proto';
import { readTaskModel } from '../../src/adapters/read-task-model.ts';
import { timeOfDayIn } from '../../src/app/choice/time-of-day.ts';
import { chooseRoute, type RouteRequest, type RoutingWorld } from '../../src/app/choose-route.ts';
import { defaultRules } from '../../src/app/default-rules.ts';
import { orderRules } from '../../src/app/rules/order-rules.ts';
import { assertReadable } from '../../src/app/saving/check-rule.ts';
import { exampleCard, exampleCards } from '../rules/example-cards.ts';

const model = readTaskModel();
const whoWrote = 'Who wrote Moby Dick?';

interface Given {
  readonly rules?: readonly object[];
  readonly question?: Partial<RouteRequest>;
  readonly world?: Partial<RoutingWorld>;
}

function route(text: string, { question, rules = [], world }: Given = {}) {
  return chooseRoute(
    { text, needs: { tools: false, vision: false }, contextTokens: 50, ...question },
    {
      cards: exampleCards,
      rules: orderRules([...rules.map(assertReadable), ...defaultRules]),
      model,
      ...world,
    },
  );
}

const withCard = (card: ModelCard) => [
  card,
  ...exampleCards.filter((one) => one.model !== card.model),
];
const removalOf = (decision: ReturnType<typeof route>, name: string) =>
  decision.removed?.find((one) => one.model === name);

test('every candidate that is removed has the fact that stands against it, with its numbers', () => {
  const small = exampleCard('anthropic', 'claude-haiku-4-5', { contextTokens: 4_096 });
  const long = route(whoWrote, {
    question: { contextTokens: 8_000 },
    world: { cards: withCard(small) },
  });
  const { evidence, fact, namedBy } = removalOf(long, 'claude-haiku-4-5') ?? {};
  assert.deepEqual([fact, namedBy, evidence?.['contextTokens']], ['context', 'simple', 4_096]);
  assert.ok(Number(evidence?.['promptTokens']) > 8_000);

  const poor = route(whoWrote, { question: { budgetLeftUsd: 0.004 } });
  const money = removalOf(poor, 'glm-5');
  assert.deepEqual([money?.fact, money?.evidence?.['budgetLeftUsd']], ['budget', 0.004]);

  const blind = route(whoWrote, { question: { needs: { tools: false, vision: true } } });
  assert.deepEqual(removalOf(blind, 'glm-5')?.evidence, { need: 'vision' });
});

test('room for the answer that is asked for counts as part of the prompt', () => {
  const card = exampleCard('anthropic', 'claude-haiku-4-5', { contextTokens: 10_000 });
  const given = { world: { cards: withCard(card) } };
  const asked = { contextTokens: 6_000 };
  assert.equal(route(whoWrote, { ...given, question: asked }).model, 'claude-haiku-4-5');
  const long = { ...asked, outputTokens: 5_000 };
  assert.equal(route(whoWrote, { ...given, question: long }).model, 'glm-5');
});

test('who cannot use tools is passed over where tools are needed, unless a person names it', () => {
  const card = exampleCard('anthropic', 'claude-haiku-4-5', { capabilities: ['vision'] });
  const question = { needs: { tools: true, vision: false } };
  const world = { cards: withCard(card) };
  const passed = route(whoWrote, { question, world });
  assert.equal(passed.model, 'glm-5');
  assert.deepEqual(removalOf(passed, 'claude-haiku-4-5')?.evidence, { need: 'tools' });
  const named = route(whoWrote, { question: { ...question, pinnedModel: card.model }, world });
  assert.deepEqual([named.model, named.without], [card.model, ['tools']]);
  assert.match(named.reason, /Without tools\./);
});

test('when nobody with tools can answer, somebody without them does, and the reason says so', () => {
  const cards = [exampleCard('ollama', 'tiny', { capabilities: ['json'], price: null })];
  const decision = route(whoWrote, {
    question: { needs: { tools: true, vision: false } },
    world: { cards },
  });
  assert.deepEqual([decision.model, decision.without], ['tiny', ['tools']]);
});

test('a data rule keeps a message on local models, whatever else was asked for', () => {
  const rules = [
    { name: 'first', priority: 1, then: { model: 'gpt-5.4' } },
    {
      name: 'private-stays-local',
      priority: 900,
      when: [{ field: 'text', op: 'contains', value: 'salary' }],
      then: { only: 'local' },
    },
  ];
  const text = 'What is the salary of Mia?';
  for (const asked of [{}, { messageModel: 'gpt-5.4' }, { pinnedModel: 'claude-opus-4-6' }]) {
    const decision = route(text, { rules, question: asked });
    assert.equal(decision.provider, 'ollama');
    assert.deepEqual(decision.alternatives, [], 'nor may anybody else take over');
    assert.deepEqual(decision.localOnlyBy, ['private-stays-local']);
    assert.match(decision.reason, /Local only by private-stays-local\./);
  }
  const { evidence, fact } = removalOf(route(text, { rules }), 'gpt-5.4') ?? {};
  assert.deepEqual([fact, evidence], ['data-rule', { rule: 'private-stays-local' }]);
  assert.equal(route(whoWrote, { rules }).model, 'gpt-5.4');
});

test('a data rule sends to nobody rather than to a vendor, or to what Ollama hands on', () => {
  const rules = [{ name: 'all-local', then: { only: 'local' } }];
  const cloud = exampleCard('ollama', 'gpt-oss:120b-cloud', { price: null });
  const cards = [...exampleCards.filter((one) => one.provider !== 'ollama'), cloud];
  assert.throws(() => route(whoWrote, { rules, world: { cards } }), {
    code: 'no_model_available',
    message: /the rule all-local keeps this on local models/,
  });
});

test('an agent that a rule chose brings its own need of tools', () => {
  const rules = [{ name: 'to-plain', then: { agent: 'plain' } }];
  const agents = [{ name: 'plain', model: null, usesTools: false }];
  const card = exampleCard('anthropic', 'claude-haiku-4-5', { capabilities: ['vision'] });
  const decision = route(whoWrote, {
    rules,
    question: { needs: { tools: true, vision: false } },
    world: { cards: withCard(card), book: { tiers: {}, agents } },
  });
  assert.equal(decision.model, 'claude-haiku-4-5');
  assert.match(decision.reason, /Agent plain\./);
});

test('of what the turn and what the day may still cost, the smaller one holds', () => {
  const fact = (usd?: number) => {
    const question = usd === undefined ? {} : { budgetLeftUsd: usd };
    const { facts = [] } = route(whoWrote, { question, world: { budgetLeftUsd: 0.5 } });
    const found = facts.find((one) => one.fact === 'budgetLeft');
    return [found?.value, found?.source];
  };
  assert.deepEqual(fact(), [0.5, 'limits']);
  assert.deepEqual(fact(0.1), [0.1, 'message']);
  assert.deepEqual(fact(3), [0.5, 'limits']);
});

test('the time is that where the person is; without a known place it is UTC', () => {
  const noon = Date.parse('2026-07-01T12:00:00Z');
  assert.equal(timeOfDayIn('Europe/Berlin', noon), '14:00');
  assert.equal(timeOfDayIn('Asia/Kolkata', noon), '17:30');
  assert.equal(timeOfDayIn('Nowhere/Land', noon), '12:00');
  assert.equal(timeOfDayIn(undefined, noon), '12:00');
  assert.equal(timeOfDayIn('UTC', Date.parse('2026-07-01T00:05:00Z')), '00:05');
});

const cached = (card: ModelCard): ModelCard =>
  card.price === null ? card : { ...card, price: { ...card.price, cacheRead: 0.3 } };
const opus = { provider: 'anthropic', model: 'claude-opus-4-6' } as const;

test('leaving the model of the turn before costs its prompt cache, and the record says how much', () => {
  const world = { cards: exampleCards.map(cached) };
  const question = { contextTokens: 10_000, previous: opus, cachedTokens: 9_000 };
  const falls = route(whoWrote, { question, world });
  assert.equal(falls.model, 'claude-haiku-4-5');
  assert.deepEqual(falls.cache?.keptBy, opus);
  assert.equal(falls.cache?.tokens, 9_000);
  assert.ok(Math.abs((falls.cache?.lostUsd ?? 0) - (9_000 * (1 - 0.3)) / 1e6) < 1e-12);
  const stays = route('go on', { question, world });
  assert.deepEqual([stays.model, stays.cache?.lostUsd], ['claude-opus-4-6', 0]);
  const cold = route('go on', { question: { ...question, cachedTokens: 0 }, world });
  assert.ok((stays.expectedCostUsd ?? 1) < (cold.expectedCostUsd ?? 0));
});

test('a follow-up stays with its model, unless a rule that asks about follow-ups says otherwise', () => {
  const question = { previous: opus };
  const any = { name: 'all-cheap', priority: 1, then: { model: 'glm-5' } };
  assert.equal(route('yes, please', { question, rules: [any] }).rule, 'follow-up');
  const when = [{ field: 'followsUp', op: 'is', value: 'yes' }];
  const meant = { ...any, name: 'cheap-follow-ups', when };
  assert.equal(route('yes, please', { question, rules: [meant] }).rule, 'cheap-follow-ups');
  assert.notEqual(route(whoWrote, { question, rules: [meant] }).rule, 'cheap-follow-ups');
});
