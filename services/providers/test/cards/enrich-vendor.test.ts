import assert from 'node:assert/strict';
import { test } from 'node:test';
import type { Price } from '@mosaic/proto';
import { buildRequest } from '../../src/app/build-request.ts';
import { type CardOverride, enrichVendor } from '../../src/app/cards/enrich-vendor.ts';
import { blankCard, mergeCards } from '../../src/app/catalogue.ts';
import type { ListedModel, Vendor } from '../../src/app/vendor/vendor-port.ts';
import { makeOpenAi } from '../../src/openai/adapter.ts';
import { openAiRules } from '../../src/openai/wire.ts';
import { plainRequest } from '../requests/all-models.ts';

const priceOfFour = (input: number, source: string): Price => ({
  input,
  output: input,
  cacheRead: null,
  cacheWrite5m: null,
  cacheWrite1h: null,
  tiers: [],
  source,
  asOf: '2026-11-24',
});
const list = priceOfFour(1, 'list');
const card = priceOfFour(2, 'card');
const table = priceOfFour(3, 'table');
const file = priceOfFour(4, 'file');

const listed = (model: string, more: Partial<ListedModel> = {}): ListedModel => ({
  model,
  name: null,
  contextTokens: null,
  maxOutputTokens: null,
  capabilities: null,
  price: null,
  ...more,
});

interface World {
  readonly cards?: Vendor['cards'];
  readonly live?: readonly ListedModel[];
  readonly overrides?: readonly CardOverride[];
  readonly priced?: readonly string[];
}

/** The cards of a vendor as the registry makes them: enriched, and with its list laid over them. */
async function cardsOf({ cards = [], live = [], overrides = [], priced = [] }: World) {
  const plain = makeOpenAi({ apiKey: 'none', baseUrl: 'http://127.0.0.1:1' });
  const vendor = enrichVendor(
    { ...plain, cards, listModels: async () => live },
    { overrides, priceOf: ({ model }) => (priced.includes(model) ? table : null) },
  );
  const found = await vendor.listModels(AbortSignal.timeout(60_000));
  const before = mergeCards({ cards: vendor.cards, listed: null });
  const merged = mergeCards({ cards: vendor.cards, listed: found });
  return { before, merged, of: (model: string) => merged.find((one) => one.model === model) };
}

const known = { ...blankCard('gpt-x'), contextTokens: 100, price: card };
const override = (more: Partial<CardOverride> = {}): CardOverride => ({
  provider: 'openai',
  model: 'gpt-x',
  ...more,
});

test('a price comes from the operator, the live list, our card, the table, in this order', async () => {
  const live = [listed('gpt-x', { price: list })];
  const cards = [known];
  const priced = ['gpt-x'];
  const sourceOf = async (world: World) => (await cardsOf(world)).of('gpt-x')?.price?.source;
  assert.equal(
    await sourceOf({ cards, live, priced, overrides: [override({ price: file })] }),
    'file',
  );
  assert.equal(await sourceOf({ cards, live, priced }), 'list');
  assert.equal(await sourceOf({ cards, live: [listed('gpt-x')], priced }), 'card');
  const unpriced = [{ ...known, price: null }];
  assert.equal(await sourceOf({ cards: unpriced, live: [listed('gpt-x')], priced }), 'table');
  assert.equal(await sourceOf({ cards: unpriced, live: [listed('gpt-x')] }), undefined);
});

test('a listed model without a card is priced by the table, and before the list by nothing', async () => {
  const { before, of } = await cardsOf({ live: [listed('gpt-new')], priced: ['gpt-new'] });
  assert.equal(of('gpt-new')?.price?.source, 'table');
  assert.deepEqual(before, []);
});

test('the operator’s sizes and capabilities win over the live list, and what is left out stays', async () => {
  const { of } = await cardsOf({
    cards: [known],
    live: [listed('gpt-x', { contextTokens: 200, maxOutputTokens: 20, capabilities: ['tools'] })],
    overrides: [override({ contextTokens: 300, capabilities: ['vision'] })],
  });
  assert.equal(of('gpt-x')?.contextTokens, 300);
  assert.equal(of('gpt-x')?.maxOutputTokens, 20);
  assert.deepEqual(of('gpt-x')?.capabilities, ['vision']);
  assert.equal(of('gpt-x')?.price?.source, 'card');
});

test('the operator can add a model, name it, and say that its price is not known', async () => {
  const { before, of } = await cardsOf({
    overrides: [override({ name: 'Ours', price: null })],
    live: [listed('gpt-x', { price: list })],
    priced: ['gpt-x'],
  });
  assert.deepEqual(
    before.map((one) => one.model),
    ['gpt-x'],
  );
  assert.equal(of('gpt-x')?.name, 'Ours');
  assert.equal(of('gpt-x')?.price, null);
});

test('a plain name stands for its dated versions, a dated one for itself, and no other vendor’s', async () => {
  const live = [listed('gpt-x-2026-01-01', { contextTokens: 5 })];
  const plain = await cardsOf({ live, overrides: [override({ contextTokens: 7 })] });
  assert.equal(plain.of('gpt-x')?.contextTokens, 7);
  const dated = await cardsOf({
    cards: [known],
    overrides: [override({ model: 'gpt-x-2026-01-01', contextTokens: 9 })],
  });
  assert.equal(dated.of('gpt-x')?.contextTokens, 100);
  assert.equal(dated.of('gpt-x-2026-01-01')?.contextTokens, 9);
  const foreign = await cardsOf({
    cards: [known],
    overrides: [override({ provider: 'zai', contextTokens: 9 })],
  });
  assert.equal(foreign.of('gpt-x')?.contextTokens, 100);
});

test('the file says how a model is asked, for one with a card and for one that is only listed', async () => {
  const reasoning = { how: 'effort', efforts: ['low', 'high'] } as const;
  const asked = {
    reasoning: { ...reasoning, efforts: [...reasoning.efforts] },
    sampling: null,
    cacheFromTokens: 2_048,
    quirks: ['refuses-forced-calls' as const],
  };
  const overrides = [override(asked), override({ model: 'gpt-new', sampling: null })];
  const { of } = await cardsOf({ cards: [known], live: [listed('gpt-new')], overrides });
  assert.deepEqual(of('gpt-x'), { ...known, ...asked });
  assert.equal(of('gpt-new')?.sampling, null);
  const { request } = buildRequest(
    {
      ...plainRequest,
      turns: [{ role: 'user', content: [{ type: 'text', text: 'Hi' }] }],
      effort: 'max',
      temperature: 1,
    },
    {
      candidate: { provider: 'openai', model: 'gpt-x' },
      card: of('gpt-x') ?? known,
      rules: openAiRules,
    },
  );
  assert.deepEqual([request.effort, request.temperature], ['high', undefined]);
});
