import assert from 'node:assert/strict';
import { test } from 'node:test';
import { describePrice, type Price, ratesFor } from '../src/index.ts';

const price: Price = {
  input: 3,
  output: 15,
  cacheRead: null,
  cacheWrite5m: null,
  cacheWrite1h: null,
  tiers: [],
  source: 'a page',
  asOf: '2026-11-24',
};
const { source: _, asOf: __, tiers: ___, ...rates } = price;
const tiered = { ...price, tiers: [{ ...rates, input: 6, aboveInputTokens: 272_000 }] };

test('a tier holds above its limit, not at it', () => {
  assert.equal(ratesFor(tiered, 272_000).input, 3);
  assert.equal(ratesFor(tiered, 272_001).input, 6);
  assert.equal(ratesFor(price, 10_000_000).input, 3);
});

test('a price is one line, says that long prompts cost more, or why there is none', () => {
  assert.equal(describePrice({ price }), '$3 in, $15 out per million tokens');
  assert.match(describePrice({ price: tiered }), /per million tokens, more above 272K of input$/);
  assert.equal(describePrice({ price: null }), 'price unknown');
  assert.equal(describePrice({ price: null, priceNote: 'local' }), 'local');
});
