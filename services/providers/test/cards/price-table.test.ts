import assert from 'node:assert/strict';
import { spawnSync } from 'node:child_process';
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { test } from 'node:test';
import { type ModelRef, type Price, priceSchema, type Rates } from '@mosaic/proto';
import { edition, tablePriceOf } from '../../src/adapters/catalogue/price-table.ts';
import { anthropicCards } from '../../src/anthropic/models.ts';
import { openAiCards } from '../../src/openai/models.ts';
import { zaiCards } from '../../src/zai/models.ts';

const sources = join(import.meta.dirname, '..', '..', 'src');
const cards = [
  ...anthropicCards.map((card) => ({ provider: 'anthropic' as const, ...card })),
  ...openAiCards.map((card) => ({ provider: 'openai' as const, ...card })),
  ...zaiCards.map((card) => ({ provider: 'zai' as const, ...card })),
];

/** Where a card is right against the table, and why. */
const knownDifferences = new Map([
  ['zai/glm-5.3-flash', 'the table has a price that held until 2026-09-09'],
]);

const ratesOf = (rates: Rates) => {
  const { input, output, cacheRead, cacheWrite5m, cacheWrite1h } = withWrites(rates);
  return { input, output, cacheRead, cacheWrite5m, cacheWrite1h };
};

/** The table leaves out what writing to a cache costs where that is what input costs. */
const withWrites = (rates: Rates): Rates => ({
  ...rates,
  cacheWrite5m: rates.cacheWrite5m ?? (rates.cacheRead === null ? null : rates.input),
});

/** Boundaries are rounded to thousands: the table puts some of them one token lower. */
const comparable = (price: Price) => [
  ratesOf(price),
  ...price.tiers.map((tier) => [Math.round(tier.aboveInputTokens / 1_000), ratesOf(tier)]),
];

test('our cards and the price table agree, but for differences that were looked into', () => {
  let compared = 0;
  for (const { provider, model, price } of cards) {
    const table = tablePriceOf({ provider, model });
    if (!price || !table) continue;
    compared += 1;
    const name = `${provider}/${model}`;
    if (knownDifferences.has(name)) {
      assert.notDeepEqual(comparable(price), comparable(table), `${name} agrees again`);
    } else assert.deepEqual(comparable(price), comparable(table), name);
  }
  assert.ok(compared >= 25, `only ${compared} cards are in the table`);
});

test('gives tiers and cache prices, with its edition as the source', () => {
  const price = tablePriceOf({ provider: 'openai', model: 'gpt-5.6-sol' });
  assert.ok(price);
  priceSchema.parse(price);
  assert.equal(price.cacheWrite5m, 5);
  assert.deepEqual(
    price.tiers.map((tier) => [tier.aboveInputTokens, tier.input, tier.cacheRead]),
    [[271_999, 8, 0.8]],
  );
  assert.match(price.source, new RegExp(edition.version));
  assert.equal(tablePriceOf({ provider: 'anthropic', model: 'claude-opus-4-5' })?.cacheWrite1h, 10);
});

test('prices dated names and no relatives', () => {
  const priced = (provider: ModelRef['provider'], model: string) =>
    tablePriceOf({ provider, model }) !== null;
  assert.ok(priced('anthropic', 'claude-opus-4-5-20251101'));
  assert.ok(priced('openai', 'gpt-5.4-2026-03-05'));
  assert.ok(priced('openai', 'gpt-5-codex'));
  assert.ok(priced('openrouter', 'anthropic/claude-sonnet-4.6'));
  // The package itself would give these the prices of claude-sonnet-5 and claude-haiku-4-5.
  assert.ok(!priced('anthropic', 'claude-sonnet-5-5'));
  assert.ok(!priced('anthropic', 'claude-haiku-4-5-turbo'));
  assert.ok(!priced('openai', 'gpt-5.4-ultra'));
  assert.ok(!priced('ollama', 'gpt-oss'));
});

test('says the edition that is installed', () => {
  const url = import.meta.resolve('@pydantic/genai-prices');
  const file = new URL('../package.json', url);
  assert.equal(JSON.parse(readFileSync(file, 'utf8')).version, edition.version);
});

test('the table asks nobody anything', () => {
  const program = `
    const refuse = (name) => () => { throw new Error('asked ' + name); };
    globalThis.fetch = refuse('fetch');
    for (const name of ['net', 'http', 'https', 'dns', 'tls']) {
      const module = process.getBuiltinModule('node:' + name);
      for (const verb of ['connect', 'request', 'get', 'lookup']) {
        if (verb in module) module[verb] = refuse(name);
      }
    }
    process.getBuiltinModule('node:net').Socket.prototype.connect = refuse('a socket');
    const { tablePriceOf } = await import(${JSON.stringify(join(sources, 'adapters/catalogue/price-table.ts'))});
    console.log(tablePriceOf({ provider: 'openai', model: 'gpt-5.4' }).input);`;
  const ran = spawnSync(process.execPath, ['--input-type=module', '-e', program], {
    encoding: 'utf8',
    timeout: 30_000,
  });
  assert.equal(ran.stdout.trim(), '2.5', ran.stderr);
});
