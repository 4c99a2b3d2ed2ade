import assert from 'node:assert/strict';
import { test } from 'node:test';
import type { ModelCard } from '@mosaic/proto';
import { expectedCostUsd } from '../src/app/model-catalogue.ts';

const rates = { cacheRead: null, cacheWrite5m: null, cacheWrite1h: null };
const price = {
  ...rates,
  input: 2,
  output: 10,
  tiers: [{ ...rates, aboveInputTokens: 200_000, input: 4, output: 20 }],
  source: 'a page',
  asOf: '2026-11-24',
};
const card: ModelCard = {
  provider: 'openai',
  model: 'some-model',
  name: 'Some',
  contextTokens: 1_000_000,
  maxOutputTokens: null,
  capabilities: [],
  price,
  isAvailable: true,
  unavailableReason: null,
};

test('a long prompt is expected to cost what its tier says, answer included', () => {
  const expected = (promptTokens: number) => expectedCostUsd(card, promptTokens);
  assert.equal(expected(200_000), (200_000 * 2 + 600 * 10) / 1_000_000);
  assert.equal(expected(200_001), (200_001 * 4 + 600 * 20) / 1_000_000);
  assert.equal(expectedCostUsd({ ...card, price: null }, 1), null);
});
