import assert from 'node:assert/strict';
import { test } from 'node:test';
import { mostChanges, type Price, refreshCatalogue } from '@mosaic/proto';
import {
  compareLists,
  findDisagreements,
  type SeenModel,
  seenOf,
} from '../../src/app/cards/compare-lists.ts';
import { compareLooks, type Look, toReport, warningsOf } from '../../src/app/cards/report-news.ts';
import type { ListedModel } from '../../src/app/vendor/vendor-port.ts';

const price: Price = {
  input: 1,
  output: 2,
  cacheRead: 0.1,
  cacheWrite5m: null,
  cacheWrite1h: null,
  tiers: [],
  source: 'list',
  asOf: '2026-11-24',
};
const listed = (model: string, more: Partial<ListedModel> = {}): ListedModel => ({
  model,
  name: null,
  contextTokens: 100,
  maxOutputTokens: null,
  capabilities: null,
  price,
  ...more,
});
const seen = (model: string, more: Partial<ListedModel> = {}): SeenModel =>
  seenOf(listed(model, more));

const compare = (before: readonly SeenModel[], now: readonly SeenModel[]) =>
  compareLists({ provider: 'openrouter', before, now, cards: [{ model: 'known' }] });

const tier = { ...price, aboveInputTokens: 200_000, input: 2 };
const cases: readonly (readonly [string, Partial<ListedModel>, string, RegExp])[] = [
  ['a price', { price: { ...price, input: 1.5 } }, 'price', /\$1 in.*now \$1\.5 in/],
  ['a cache price', { price: { ...price, cacheRead: 0.2 } }, 'price', /\$0\.1 cache read.*\$0\.2/],
  ['a tier', { price: { ...price, tiers: [tier] } }, 'price', /above 200000 tokens \$2 in/],
  ['no price any more', { price: null }, 'price', /now no price/],
  ['its context', { contextTokens: 200 }, 'size', /100 tokens of context.*now 200/],
  ['its output', { maxOutputTokens: 9 }, 'size', /unknown of output.*9 of output/],
  ['its end', { endsOn: '2026-12-11' }, 'ends', /shut down by its vendor on 2026-12-11/],
];
for (const [name, more, kind, text] of cases) {
  test(`a model that changed ${name} is told as ${kind}`, () => {
    const [change, ...others] = compare([seen('some')], [seen('some', more)]);
    assert.deepEqual(others, []);
    assert.equal(change?.kind, kind);
    assert.match(change.text, text);
    assert.match(change.text, /^openrouter\/some /);
  });
}

test('tells who came and who went, and that nothing is news when nothing changed', () => {
  const before = [seen('one'), seen('two')];
  const kinds = compare(before, [seen('two'), seen('three')]).map((one) => [one.kind, one.model]);
  assert.deepEqual(kinds, [
    ['went', 'one'],
    ['came', 'three'],
  ]);
  assert.deepEqual(compare(before, before), []);
  const tomorrow = listed('one', { price: { ...price, asOf: '2026-11-25' } });
  assert.deepEqual(compare([seen('one')], [seenOf(tomorrow)]), []);
});

test('what a card is about comes first, and warns when it changed or went, not when it came', () => {
  const changes = compare([seen('other'), seen('known')], [seen('known-2026-01-01')]);
  assert.deepEqual(
    changes.map((one) => [one.model, one.kind, one.isRelied]),
    [
      ['known', 'went', true],
      ['known-2026-01-01', 'came', true],
      ['other', 'went', false],
    ],
  );
  assert.deepEqual(warningsOf({ changes }).length, 1);
});

test('finds cards whose price is not the one that OpenRouter passes on', () => {
  const cards = [
    { model: 'claude-opus-4-6', price },
    { model: 'claude-same', price: { ...price, input: 3 } },
    { model: 'claude-unlisted', price },
    { model: 'claude-unpriced', price: null },
  ];
  const list = [
    listed('anthropic/claude-opus-4.6', { price: { ...price, input: 5 } }),
    listed('anthropic/claude-same', { price: { ...price, input: 3 } }),
    listed('anthropic/claude-unpriced'),
  ];
  const [found, ...others] = findDisagreements({ provider: 'anthropic', cards }, list);
  assert.deepEqual(others, []);
  assert.match(
    found?.text ?? '',
    /claude-opus-4-6 says \$1 in.*2026-11-24.*OpenRouter lists \$5 in/,
  );
  // What OpenRouter lists for open models is the price of the cheapest host.
  assert.deepEqual(
    findDisagreements({ provider: 'zai', cards: [{ model: 'x', price }] }, list),
    [],
  );
});

test('a disagreement is news once, and a first look compares nothing', () => {
  const [disagreement] = findDisagreements(
    { provider: 'anthropic', cards: [{ model: 'a', price }] },
    [listed('anthropic/a', { price: { ...price, input: 9 } })],
  );
  assert.ok(disagreement);
  const look: Look = {
    provider: 'anthropic',
    models: [],
    cards: [],
    disagreements: [disagreement],
  };
  const first = compareLooks([look], new Map());
  assert.deepEqual(first.changes, [disagreement]);
  assert.deepEqual(first.compared, []);
  assert.match(first.notCompared[0]?.why ?? '', /first look/);
  const before = new Map([['anthropic', { models: [], disagreements: [disagreement.text] }]]);
  assert.deepEqual(compareLooks([look], before).changes, []);
});

test('a vendor that renames everything stays within what the contract takes', () => {
  const all = Array.from({ length: mostChanges + 5 }, (_, index) => seen(`m${index}`));
  const look: Look = {
    provider: 'openrouter',
    models: [...all, seen('known')],
    cards: [{ model: 'known' }],
    disagreements: [],
  };
  const before = new Map([['openrouter', { models: [], disagreements: [] }]]);
  const report = toReport(new Date(0).toISOString(), compareLooks([look], before));
  refreshCatalogue.reply.parse(report);
  assert.equal(report.left, 6);
  assert.equal(report.changes[0]?.model, 'known');
});
