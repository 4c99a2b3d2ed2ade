import assert from 'node:assert/strict';
import { test } from 'node:test';
import { modelCardSchema, providerStatusSchema } from '@mosaic/proto';
import {
  blankCard,
  mergeCards,
  type ProviderState,
  toModelCards,
  toStatus,
} from '../../src/app/catalogue.ts';
import { makeFault } from '../../src/app/vendor/vendor-fault.ts';
import type { ListedModel } from '../../src/app/vendor/vendor-port.ts';
import { vendorCases } from '../vendor-cases.ts';

const listed = (model: string, more: Partial<ListedModel> = {}): ListedModel => ({
  model,
  name: null,
  contextTokens: null,
  maxOutputTokens: null,
  capabilities: null,
  price: null,
  ...more,
});

const state: ProviderState = {
  name: 'anthropic',
  cards: [{ ...blankCard('known'), name: 'Known', contextTokens: 100, capabilities: ['tools'] }],
  isListComplete: false,
  isSimulated: false,
  absence: null,
  keyHint: '1234',
  listed: null,
  probeFault: null,
  breakerReason: null,
  checkedAt: null,
};

test('lays the live list over the cards, and keeps what the list does not say', () => {
  const [card] = mergeCards({
    ...state,
    listed: [listed('known-20260101', { contextTokens: 200 })],
  });
  assert.equal(card?.model, 'known');
  assert.equal(card?.name, 'Known');
  assert.equal(card?.contextTokens, 200);
  assert.deepEqual(card?.capabilities, ['tools']);
});

test('shows a listed model without a card, with nulls for what nobody knows', () => {
  const news = toModelCards({ ...state, listed: [listed('new', { name: 'New' })] })[1];
  assert.deepEqual(news, {
    provider: 'anthropic',
    model: 'new',
    name: 'New',
    contextTokens: null,
    maxOutputTokens: null,
    capabilities: [],
    price: null,
    priceNote: 'price unknown',
    isAvailable: true,
    unavailableReason: null,
    isListed: true,
  });
});

test('tells of a model that its vendor no longer lists, and leaves it to be asked', () => {
  const [gone] = toModelCards({ ...state, listed: [listed('new')] });
  assert.deepEqual([gone?.model, gone?.isListed, gone?.isAvailable], ['known', false, true]);
  assert.equal(toModelCards({ ...state, listed: null })[0]?.isListed, undefined);
});

test('says why a vendor is unwell, the most certain reason first, and so do its models', () => {
  const probeFault = makeFault('provider_auth', 'refused');
  const sick = { ...state, probeFault, breakerReason: 'resting', absence: 'No key.' };
  assert.equal(toStatus(sick).reason, 'No key.');
  assert.equal(toStatus({ ...sick, absence: null }).reason, 'resting');
  assert.equal(toStatus({ ...sick, absence: null, breakerReason: null }).reason, 'refused');
  assert.deepEqual(toStatus(state).reason, null);
  assert.equal(toModelCards(sick)[0]?.isAvailable, false);
  assert.equal(toModelCards(sick)[0]?.unavailableReason, 'No key.');
});

test('says in place of a price why there is none', () => {
  const noteOf = (name: 'ollama' | 'zai', model: string) =>
    toModelCards({ ...state, name, cards: [blankCard(model)] })[0]?.priceNote;
  assert.equal(noteOf('ollama', 'qwen3'), 'local, nothing is charged');
  assert.match(noteOf('ollama', 'gpt-oss:20b-cloud') ?? '', /unknown: charged by Ollama’s cloud/);
  assert.equal(noteOf('zai', 'glm-next'), 'price unknown');
  const [priced] = vendorCases[0]?.make('http://127.0.0.1:1').cards ?? [];
  assert.ok(priced?.price);
  assert.ok(!('priceNote' in (toModelCards({ ...state, cards: [priced] })[0] ?? {})));
});

test('a local model that is not installed says how to get it', () => {
  const local = { ...state, name: 'ollama' as const, isListComplete: true };
  const reasonOf = (models: readonly ListedModel[] | null) =>
    toModelCards({ ...local, listed: models })[0]?.unavailableReason;
  assert.equal(reasonOf([listed('other')]), 'Not installed: run "ollama pull known".');
  assert.equal(reasonOf(null), 'Not looked at yet.');
  assert.equal(reasonOf([listed('known')]), null);
});

for (const { name, make } of vendorCases) {
  test(`the cards of ${name} are of the contract’s form and say where a price comes from`, () => {
    const { cards } = make('http://127.0.0.1:1');
    const all = toModelCards({ ...state, name, cards });
    assert.ok(all.length >= 2);
    for (const card of all) {
      modelCardSchema.parse(card);
      if (card.price) assert.match(card.price.source, /^https:\/\//);
      const limits = card.price?.tiers.map((tier) => tier.aboveInputTokens) ?? [];
      assert.deepEqual(
        limits,
        limits.toSorted((left, right) => left - right),
      );
    }
    assert.equal(new Set(all.map((card) => card.model)).size, all.length);
    providerStatusSchema.parse(toStatus({ ...state, name, cards }));
  });
}

test('the names that people and rules rely on have cards with sizes and a price', () => {
  const names = {
    anthropic: ['claude-opus-4-6', 'claude-sonnet-4-6', 'claude-haiku-4-5'],
    openai: ['gpt-5.4'],
    zai: ['glm-5'],
  };
  for (const [vendor, models] of Object.entries(names)) {
    const cards = vendorCases.find(({ name }) => name === vendor)?.make('http://127.0.0.1:1').cards;
    for (const model of models) {
      const card = cards?.find((one) => one.model === model);
      assert.ok(card?.contextTokens && card.maxOutputTokens && card.price, model);
    }
  }
});
