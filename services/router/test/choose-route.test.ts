import assert from 'node:assert/strict';
import { test } from 'node:test';
import type { ModelCard, ProviderName } from '@mosaic/proto';
import { readTaskModel } from '../src/adapters/read-task-model.ts';
import { chooseRoute, type RouteRequest } from '../src/app/choose-route.ts';
import { defaultRules } from '../src/app/default-rules.ts';

const card = (provider: ProviderName, model: string, name: string): ModelCard => ({
  provider,
  model,
  name,
  contextTokens: 200_000,
  maxOutputTokens: 8_192,
  capabilities: ['tools', 'vision'],
  price: {
    input: 3,
    output: 15,
    cacheRead: null,
    cacheWrite5m: null,
    cacheWrite1h: null,
    tiers: [],
    source: 'test',
    asOf: '2026-11-01',
  },
  isAvailable: true,
  unavailableReason: null,
});

const cards: readonly ModelCard[] = [
  card('anthropic', 'claude-opus-4-6', 'Claude Opus 4.6'),
  card('anthropic', 'claude-sonnet-4-6', 'Claude Sonnet 4.6'),
  card('anthropic', 'claude-haiku-4-5', 'Claude Haiku 4.5'),
  card('openai', 'gpt-5.4', 'GPT-5.4'),
  card('zai', 'glm-5', 'GLM-5'),
  card('ollama', 'llama3.2', 'Llama 3.2'),
];

const model = readTaskModel();

const ask = (text: string, more: Partial<RouteRequest> = {}): RouteRequest => ({
  text,
  needs: { tools: true, vision: false },
  contextTokens: 50,
  ...more,
});

const route = (text: string, more: Partial<RouteRequest> = {}, available = cards) =>
  chooseRoute(ask(text, more), { cards: available, rules: defaultRules, model });

const without = (gone: (card: ModelCard) => boolean): ModelCard[] =>
  cards.map((one) =>
    gone(one) ? { ...one, isAvailable: false, unavailableReason: 'its key is missing' } : one,
  );

const expected: readonly (readonly [string, string, string])[] = [
  ['Implement a distributed rate limiter in Go with Redis', 'claude-opus-4-6', 'code-complex'],
  [
    'Refactor the authentication module of this project to use dependency injection',
    'claude-opus-4-6',
    'code-complex',
  ],
  [
    'Refactor this Express service into layers, make the cache thread-safe and add unit tests:\n```ts\nconst x = {}\n```',
    'claude-opus-4-6',
    'code-complex',
  ],
  [
    'Debug this race condition in my Go worker pool, here is the stack trace:\npanic: send on closed channel',
    'claude-opus-4-6',
    'code-complex',
  ],
  [
    'Implement a Python class for an LRU cache with TTL, thread safety and unit tests.',
    'claude-opus-4-6',
    'code-complex',
  ],
  [
    'Implement a REST endpoint with pagination in TypeScript.',
    'claude-sonnet-4-6',
    'code-moderate',
  ],
  ['How do I reverse a string in Python? A simple one-liner please.', 'gpt-5.4', 'code-simple'],
  [
    'Research the state of the art of solid state batteries and compare the approaches.',
    'gpt-5.4',
    'research',
  ],
  [
    'Summarize this article in three sentences: The council met on Tuesday and agreed on a budget.',
    'glm-5',
    'summary',
  ],
  ['Fasse diesen Text zusammen: Der Rat tagte am Dienstag.', 'glm-5', 'summary'],
  ['总结一下这篇文章:会议在周二举行。', 'glm-5', 'summary'],
  ['What is the capital of Australia?', 'claude-haiku-4-5', 'simple'],
  ['Who wrote Moby Dick?', 'claude-haiku-4-5', 'simple'],
  ['Hello! I had a long day and just want to talk a little.', 'claude-sonnet-4-6', 'conversation'],
  ['zzz', 'claude-sonnet-4-6', 'conversation'],
  ['', 'claude-sonnet-4-6', 'conversation'],
];

for (const [text, model, rule] of expected) {
  test(`routes "${text.slice(0, 50)}" to ${model} by ${rule}`, () => {
    const decision = route(text);
    assert.equal(decision.model, model, decision.reason);
    assert.equal(decision.rule, rule);
    assert.ok(decision.reason.length <= 200);
    assert.ok(decision.reason.includes(decision.modelName));
  });
}

test('obeys the order of authority: message, then pin, then agent, then rules', () => {
  const agent = { name: 'a', model: 'glm-5' };
  const all = { messageModel: 'gpt-5.4', pinnedModel: 'claude-sonnet-4-6', agent };
  assert.equal(route('hi', all).model, 'gpt-5.4');
  assert.equal(route('hi', { pinnedModel: 'claude-sonnet-4.6', agent }).authority, 'pinned');
  assert.equal(route('Who wrote Moby Dick?', { agent }).model, 'glm-5');
  assert.equal(route('Who wrote Moby Dick?', { pinnedModel: 'auto' }).model, 'claude-haiku-4-5');
});

test('passes over what cannot answer and says so', () => {
  const decision = route(
    'Who wrote Moby Dick?',
    {},
    without((one) => one.model.includes('haiku')),
  );
  assert.equal(decision.model, 'glm-5');
  assert.deepEqual(
    decision.skipped.map((one) => one.model),
    ['claude-haiku-4-5'],
  );
  assert.match(decision.reason, /its key is missing/);
});

test('an unknown pinned model is passed over with the reason', () => {
  const decision = route('Who wrote Moby Dick?', { pinnedModel: 'gpt-99' });
  assert.equal(decision.model, 'claude-haiku-4-5');
  assert.match(decision.reason, /gpt-99: no provider offers it/);
});

test('goes to the local model when no vendor can be reached', () => {
  const decision = route(
    'Who wrote Moby Dick?',
    {},
    without((one) => one.provider !== 'ollama'),
  );
  assert.equal(decision.provider, 'ollama');
  assert.equal(decision.rule, 'offline');
});

test('says what to do when nothing can answer', () => {
  assert.throws(
    () =>
      route(
        'hi',
        {},
        without(() => true),
      ),
    { code: 'no_model_available' },
  );
});

test('a short approval stays with the model of the turn before', () => {
  const previous = { provider: 'anthropic', model: 'claude-opus-4-6' } as const;
  assert.equal(route('yes, please', { previous }).model, 'claude-opus-4-6');
  assert.equal(route('weiter', { previous }).rule, 'follow-up');
  assert.equal(route('Who wrote Moby Dick?', { previous }).model, 'claude-haiku-4-5');
});

test('a prompt that does not fit is not sent', () => {
  const decision = route('Who wrote Moby Dick?', { contextTokens: 190_000 }, [
    ...cards.filter((one) => one.model !== 'gpt-5.4'),
    { ...card('openai', 'gpt-5.4', 'GPT-5.4'), contextTokens: 1_000_000 },
  ]);
  assert.equal(decision.model, 'gpt-5.4');
});

test('decides about a megabyte of hostile text: a pattern that ran away would never end', () => {
  const text = `${'aaaa{'.repeat(200_000)}!`;
  const roomy = { ...card('openai', 'gpt-5.4', 'GPT-5.4'), contextTokens: 1_000_000 };
  assert.equal(route(text, {}, [roomy]).model, 'gpt-5.4');
});
