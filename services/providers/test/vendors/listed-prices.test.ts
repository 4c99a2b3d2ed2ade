import assert from 'node:assert/strict';
import { test } from 'node:test';
import { describeShutdown } from '../../src/openai-compatible/list-models.ts';
import { describeModel } from '../../src/openrouter/listed-models.ts';

const pricing = {
  prompt: '0.000003',
  completion: '0.000015',
  input_cache_read: '0.0000003',
  input_cache_write: '0.00000375',
  input_cache_write_1h: '0.000006',
};
const priceOf = (more: object) =>
  describeModel({ id: 'x', pricing: { ...pricing, ...more } }, '2026-11-24').price;

test('openrouter: all cache prices, without the noise of binary fractions', () => {
  assert.deepEqual(priceOf({}), {
    input: 3,
    output: 15,
    cacheRead: 0.3,
    cacheWrite5m: 3.75,
    cacheWrite1h: 6,
    tiers: [],
    source: 'https://openrouter.ai/api/v1/models',
    asOf: '2026-11-24',
  });
});

test('openrouter: overrides for long prompts become tiers; what one does not name stays', () => {
  const overrides = [
    { min_prompt_tokens: 400_000, prompt: '0.000009' },
    { min_prompt_tokens: 200_000, prompt: '0.000006', completion: '0.0000225' },
  ];
  const tiers = priceOf({ overrides })?.tiers.map((tier) => [
    tier.aboveInputTokens,
    tier.input,
    tier.output,
    tier.cacheRead,
  ]);
  assert.deepEqual(tiers, [
    [200_000, 6, 22.5, 0.3],
    [400_000, 9, 22.5, 0.3],
  ]);
});

test('openrouter: a price that depends on the hour or on the host is none', () => {
  const byHour = [{ utc_start: 100, utc_end: 400, prompt: '0.000001' }];
  assert.equal(priceOf({ overrides: byHour }), null);
  assert.equal(priceOf({ prompt: '-1', completion: '-1' }), null);
  assert.equal(priceOf({ prompt: 'soon' }), null);
});

test('openrouter: reasoning has a price of its own when one is said', () => {
  assert.equal(priceOf({ internal_reasoning: '0.00002' })?.reasoning, 20);
  assert.equal(priceOf({ internal_reasoning: '0' })?.reasoning, undefined);
});

test('openai: the day on which a model is shut down', () => {
  const model = { id: 'gpt-5', object: 'model', created: 0, owned_by: 'openai' } as const;
  assert.deepEqual(describeShutdown({ ...model, ...{ shutdown_date: '2026-12-11' } }), {
    endsOn: '2026-12-11',
  });
  for (const shutdown_date of [null, undefined, 'soon', 5]) {
    assert.deepEqual(describeShutdown({ ...model, ...{ shutdown_date } }), {});
  }
});
