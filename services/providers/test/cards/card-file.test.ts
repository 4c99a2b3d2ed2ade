import assert from 'node:assert/strict';
import { readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { after, test } from 'node:test';
import { MosaicError } from '@mosaic/proto';
import { startService } from '@mosaic/service-kit';
import { temporaryDirectory } from '@mosaic/test-kit';
import { cardFileSetting } from '../../src/adapters/catalogue/card-file-setting.ts';
import { readCardFile } from '../../src/app/cards/read-card-file.ts';
import { providersService } from '../../src/index.ts';

const directory = await temporaryDirectory();
after(() => directory.remove());

const model = { provider: 'openai', model: 'gpt-x' };
const price = { input: 1, output: 2, asOf: '2026-11-25' };

function problemsOf(file: unknown): readonly string[] {
  const read = readCardFile(typeof file === 'string' ? file : JSON.stringify(file));
  return 'problems' in read ? read.problems : [];
}

test('reads a whole file, and leaves rates that are not given unknown', () => {
  const tier = { aboveInputTokens: 200_000, input: 2, output: 4 };
  const whole = { ...model, contextTokens: 1_000, price: { ...price, tiers: [tier] } };
  const read = readCardFile(JSON.stringify({ $schema: 'x', models: [whole] }));
  assert.ok('overrides' in read);
  const [first] = read.overrides;
  assert.equal(first?.price?.cacheRead, null);
  assert.equal(first?.price?.tiers[0]?.cacheWrite1h, null);
  assert.match(first?.price?.source ?? '', /operator/);
});

const refused: readonly (readonly [string, unknown, RegExp])[] = [
  ['no JSON', '{"models": [', /no JSON/],
  [
    'an unknown field of a model',
    { models: [{ ...model, contextToken: 1 }] },
    /models\[0\]: .*"contextToken".*"contextTokens"/,
  ],
  [
    'an unknown field of a price',
    { models: [{ ...model, price: { ...price, cachRead: 1 } }] },
    /models\[0\]\.price: .*"cachRead".*"cacheRead"/,
  ],
  [
    'an unknown field of a tier',
    { models: [{ ...model, price: { ...price, tiers: [{ above: 1, input: 1, output: 1 }] } }] },
    /price\.tiers\[0\]: .*"above"/,
  ],
  ['an unknown field of the file', { model: [] }, /the file: .*"model".*"models"/],
  ['an unknown vendor', { models: [{ ...model, provider: 'opnai' }] }, /models\[0\]\.provider/],
  [
    'a price without its day',
    { models: [{ ...model, price: { input: 1, output: 1 } }] },
    /price\.asOf/,
  ],
  ['a negative price', { models: [{ ...model, price: { ...price, input: -1 } }] }, /price\.input/],
  ['the same model twice', { models: [model, model] }, /models\[1\].*models\[0\]/],
  [
    'an unknown way to be told',
    { models: [{ ...model, reasoning: { how: 'efort' } }] },
    /models\[0\]\.reasoning\.how: must be one of "effort", "budget", "switch"/,
  ],
  [
    'an unknown effort',
    { models: [{ ...model, reasoning: { how: 'effort', efforts: ['low', 'hi'] } }] },
    /reasoning\.efforts\[1\]: must be one of "none", .*"max"/,
  ],
  [
    'efforts in the wrong order',
    { models: [{ ...model, reasoning: { how: 'effort', efforts: ['high', 'low'] } }] },
    /models\[0\]\.reasoning\.efforts: each once, least first/,
  ],
  [
    'a budget that leaves an effort out',
    { models: [{ ...model, reasoning: { how: 'budget', tokens: { low: 1_024 } } }] },
    /reasoning\.tokens\.(?:none|minimal)/,
  ],
  [
    'an unknown field of reasoning',
    { models: [{ ...model, reasoning: { how: 'effort', effort: ['low'] } }] },
    /models\[0\]\.reasoning: .*"effort"\. Is it "efforts"\?/,
  ],
  [
    'an unknown field of sampling',
    { models: [{ ...model, sampling: { whileReasoning: true, togther: true } }] },
    /models\[0\]\.sampling: .*"togther"\. Is it "together"\?/,
  ],
  [
    'an unknown quirk',
    { models: [{ ...model, quirks: ['odd'] }] },
    /models\[0\]\.quirks\[0\]: must be one of "refuses-forced-calls"/,
  ],
  [
    'a quirk of another vendor',
    { models: [{ ...model, quirks: ['binds-thoughts'] }] },
    /models\[0\]\.quirks: .*Anthropic/,
  ],
  [
    'a way to think for a model that can’t',
    { models: [{ ...model, capabilities: ['tools'], reasoning: { how: 'switch' } }] },
    /models\[0\]\.reasoning: its capabilities have no "reasoning"/,
  ],
  [
    'tiers in the wrong order',
    {
      models: [
        {
          ...model,
          price: {
            ...price,
            tiers: [2, 1].map((aboveInputTokens) => ({ aboveInputTokens, input: 1, output: 1 })),
          },
        },
      ],
    },
    /smaller aboveInputTokens first/,
  ],
];
for (const [name, file, message] of refused) {
  test(`refuses ${name} with a sentence`, () => {
    assert.match(problemsOf(file).join('\n'), message);
  });
}

test('says all problems of a file at once', () => {
  const models = [
    { ...model, contextToken: 1 },
    { ...model, model: 'other', price: { input: 'x', output: 1, asOf: 'today' } },
  ];
  assert.ok(problemsOf({ models, extra: 1 }).length >= 4);
});

test('a file that can’t be used stops the start, with what to do and every other problem', async () => {
  const path = join(directory.path, 'broken.json');
  writeFileSync(path, JSON.stringify({ models: [{ ...model, contextToken: 1 }] }));
  const start = (file: string) =>
    startService(providersService, { MOSAIC_MODEL_CARDS: file, ZAI_BASE_URL: 'nowhere' });
  await assert.rejects(start(path), (error: unknown) => {
    assert.ok(error instanceof MosaicError && error.code === 'bad_configuration');
    assert.match(
      error.message,
      /MOSAIC_MODEL_CARDS: the file can't be used\. Correct it, or leave/,
    );
    assert.match(error.message, /"contextToken"\. Is it "contextTokens"\?/);
    assert.match(error.message, /ZAI_BASE_URL/);
    return true;
  });
  await assert.rejects(
    start(join(directory.path, 'gone.json')),
    /gone\.json can't be read \(ENOENT\)/,
  );
});

test('each example of the page is a file that can be used, by its path and by its text', () => {
  const page = readFileSync(join(import.meta.dirname, '../../../../docs/model-cards.md'), 'utf8');
  const examples = [...page.matchAll(/```json\n(.+?)```/gs)].map(([, text = '']) => text);
  assert.equal(examples.length, 2);
  for (const example of examples) {
    const path = join(directory.path, 'example.json');
    writeFileSync(path, example);
    assert.ok(cardFileSetting.schema.parse(path).length >= 2);
    assert.deepEqual(cardFileSetting.schema.parse(example), cardFileSetting.schema.parse(path));
  }
  assert.deepEqual(cardFileSetting.schema.parse(undefined), []);
});
