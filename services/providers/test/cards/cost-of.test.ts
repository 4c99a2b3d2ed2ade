import assert from 'node:assert/strict';
import { describe, test } from 'node:test';
import { noUsage, type Price, type Usage } from '@mosaic/proto';
import { costOf } from '../../src/app/cards/cost-of.ts';
import { toCostUsd } from '../../src/openrouter/translation.ts';

const million = 1_000_000;
const origin = { source: 'a page', asOf: '2026-11-24' };
const flat: Price = {
  input: 2,
  output: 10,
  cacheRead: 0.2,
  cacheWrite5m: 2.5,
  cacheWrite1h: 4,
  tiers: [],
  ...origin,
};
const long = { ...flat, input: 4, output: 15, cacheRead: 0.4, cacheWrite5m: 5, cacheWrite1h: 8 };
const { source: _, asOf: __, tiers: ___, ...longRates } = long;
const tiered: Price = { ...flat, tiers: [{ aboveInputTokens: 272_000, ...longRates }] };
const readOnly: Price = { ...flat, cacheRead: null, cacheWrite5m: null, cacheWrite1h: null };

const cost = (usage: Partial<Usage>, price: Price | null, more: object = {}) =>
  costOf({
    provider: 'openai',
    usage: { ...noUsage, ...usage },
    vendorUsd: null,
    card: { model: 'a-model', price },
    ...more,
  });

describe('the cost of a call from a price', () => {
  const table: readonly (readonly [string, Partial<Usage>, Price, number | null])[] = [
    ['input', { inputTokens: million }, flat, 2],
    ['cached input', { cacheReadTokens: million }, flat, 0.2],
    ['what was written to the cache for five minutes', { cacheWrite5mTokens: million }, flat, 2.5],
    ['what was written to the cache for an hour', { cacheWrite1hTokens: million }, flat, 4],
    ['output', { outputTokens: million }, flat, 10],
    ['reasoning as output', { reasoningTokens: million }, flat, 10],
    ['reasoning by its own rate', { reasoningTokens: million }, { ...flat, reasoning: 3 }, 3],
    ['nothing used', {}, flat, 0],
    ['a free model', { inputTokens: million }, { ...flat, input: 0 }, 0],
    ['272,000 tokens at the ordinary rate', { inputTokens: 272_000 }, tiered, 0.544],
    ['one token more at the long rate', { inputTokens: 272_001 }, tiered, 1.088004],
    ['cached read without a rate', { inputTokens: 5, cacheReadTokens: 1 }, readOnly, null],
    ['a cache write without a rate', { cacheWrite5mTokens: 1 }, readOnly, null],
    ['an hour’s cache write without a rate', { cacheWrite1hTokens: 1 }, readOnly, null],
    ['no cache used and no cache rate', { inputTokens: million }, readOnly, 2],
  ];
  for (const [name, usage, price, usd] of table) {
    test(`${name}: ${usd === null ? 'unknown' : `$${usd}`}`, () => {
      const found = cost(usage, price);
      if (usd === null) assert.deepEqual(found, { usd: null, source: 'unknown' });
      else {
        assert.equal(found.source, 'table');
        assert.ok(Math.abs((found.usd ?? -1) - usd) < 1e-9, `${found.usd} is not ${usd}`);
      }
    });
  }

  test('the tier follows from all input, cached or not, and holds for every token of the call', () => {
    const usage = {
      inputTokens: 1,
      cacheReadTokens: 200_000,
      cacheWrite5mTokens: 50_000,
      cacheWrite1hTokens: 22_000,
      outputTokens: million,
    };
    const usd = (4 + 200_000 * 0.4 + 50_000 * 5 + 22_000 * 8) / million + 15;
    assert.ok(Math.abs((cost(usage, tiered).usd ?? 0) - usd) < 1e-9);
  });

  test('of several tiers the last that was passed counts', () => {
    const steps = [100, 200].map((aboveInputTokens) => ({
      ...longRates,
      aboveInputTokens,
      input: aboveInputTokens,
    }));
    const at = (inputTokens: number) => cost({ inputTokens }, { ...flat, tiers: steps }).usd;
    assert.equal(at(100), (100 * 2) / million);
    assert.equal(at(101), (101 * 100) / million);
    assert.equal(at(201), (201 * 200) / million);
  });
});

describe('who knows the cost', () => {
  const usage = { ...noUsage, inputTokens: million };

  test('the vendor before the price', () => {
    assert.deepEqual(cost(usage, flat, { vendorUsd: 0.5 }), { usd: 0.5, source: 'vendor' });
    assert.deepEqual(cost(usage, flat, { vendorUsd: 0 }), { usd: 0, source: 'vendor' });
  });

  test('nobody without a price or without usage', () => {
    const unknown = { usd: null, source: 'unknown' };
    assert.deepEqual(cost(usage, null), unknown);
    assert.deepEqual(cost({}, flat, { usage: null }), unknown);
  });

  test('a model on this machine costs nothing, one in Ollama’s cloud costs nobody knows what', () => {
    const ollama = (model: string, price: Price | null = null) =>
      cost(usage, null, { provider: 'ollama', card: { model, price } });
    assert.deepEqual(ollama('qwen3'), { usd: 0, source: 'local' });
    assert.deepEqual(ollama('cloud'), { usd: 0, source: 'local' });
    assert.equal(ollama('gpt-oss:120b-cloud').source, 'unknown');
    assert.equal(ollama('glm-5.2:cloud').usd, null);
    assert.deepEqual(ollama('qwen3', flat), { usd: 2, source: 'table' });
  });

  test('with a key of one’s own, OpenRouter’s fee alone is not the cost', () => {
    const cost_details = { upstream_inference_cost: 0.02 };
    assert.equal(toCostUsd({ cost: 0.001, is_byok: true, cost_details }), 0.021);
    assert.equal(toCostUsd({ cost: 0.001, is_byok: true }), null);
    assert.equal(toCostUsd({ cost: 0, is_byok: true, cost_details: {} }), null);
    assert.equal(toCostUsd({ cost: 0, is_byok: false }), 0);
  });
});
