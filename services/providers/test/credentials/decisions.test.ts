import assert from 'node:assert/strict';
import { test } from 'node:test';
import type { ErrorCode, ModelCard, ProviderStatus } from '@mosaic/proto';
import { nameOfKey, withoutSecrets } from '../../src/app/credentials/describe-key.ts';
import { assertWorthKeeping, outcomeOf } from '../../src/app/credentials/judge-test.ts';
import { allowedBases, chooseBase, parseBases } from '../../src/app/credentials/vendor-bases.ts';
import { ownModels, withUserKeys } from '../../src/app/credentials/with-user-keys.ts';
import { hintOf, identifyKey } from '../../src/app/keys/identify-key.ts';
import { makeFault } from '../../src/app/vendor/vendor-fault.ts';
import type { VendorKey } from '../../src/app/vendor/vendor-key.ts';

const key: VendorKey = { id: 'x', secret: 'sk-own-key-9876', baseUrl: null, owner: 'user' };

const status = (name: ProviderStatus['name'], isConfigured: boolean): ProviderStatus => ({
  name,
  isConfigured,
  isHealthy: isConfigured,
  isSimulated: false,
  reason: isConfigured ? null : 'No key.',
  keyHint: isConfigured ? 'inst' : null,
  keys: [],
  restingModels: [],
  loadingModels: [],
  models: 1,
  checkedAt: null,
});
const card = (provider: ModelCard['provider'], isAvailable: boolean): ModelCard => ({
  provider,
  model: `${provider}-model`,
  name: provider,
  contextTokens: null,
  maxOutputTokens: null,
  capabilities: [],
  price: null,
  isAvailable,
  unavailableReason: isAvailable ? null : 'No key.',
});
const catalogue = {
  statuses: [status('anthropic', true), status('openai', false), status('zai', false)],
  models: [card('anthropic', true), card('openai', false), card('zai', false)],
};

test('a vendor without a key of the installation is there for whoever has one, and for nobody else', () => {
  const mine = withUserKeys(catalogue, new Map([['openai', [key]]]));
  assert.deepEqual(
    mine.statuses.map((one) => [one.name, one.isConfigured, one.reason, one.keyHint]),
    [
      ['anthropic', true, null, 'inst'],
      ['openai', true, null, '9876'],
      ['zai', false, 'No key.', null],
    ],
  );
  assert.deepEqual(
    mine.models.map((one) => one.isAvailable),
    [true, true, false],
  );
  assert.deepEqual(withUserKeys(catalogue, new Map()), catalogue);
});

test('own models are those that nobody else has: empty for who brings a key for what is there', () => {
  const own = ownModels(catalogue, new Map([['openai', [key]]]));
  assert.deepEqual(own, [{ ...card('openai', true) }]);
  assert.deepEqual(ownModels(catalogue, new Map([['anthropic', [key]]])), []);
  assert.deepEqual(ownModels(catalogue, new Map([['openai', []]])), []);
});

test('a vendor that is unwell stays so: a key of one’s own does not mend it', () => {
  const unwell = { ...status('anthropic', true), isHealthy: false, reason: 'resting' };
  const shown = withUserKeys(
    { statuses: [unwell], models: [card('anthropic', false)] },
    new Map([['anthropic', [key]]]),
  );
  assert.deepEqual(shown.statuses, [unwell]);
  assert.equal(shown.models[0]?.isAvailable, false);
});

const outcomes: readonly [ErrorCode | null, string, boolean][] = [
  [null, 'works', true],
  ['provider_auth', 'refused', false],
  ['provider_forbidden', 'limited', true],
  ['provider_quota', 'no-quota', true],
  ['provider_unreachable', 'unclear', false],
  ['provider_timeout', 'unclear', false],
  ['provider_rate_limited', 'unclear', false],
  ['unknown_model', 'unclear', false],
];
for (const [code, outcome, isKept] of outcomes) {
  test(`a test that ends with ${code ?? 'an answer'} says "${outcome}": ${isKept ? 'kept' : 'not kept'}`, () => {
    const fault = code === null ? null : makeFault(code, 'the vendor’s words');
    assert.equal(outcomeOf(fault), outcome);
    const keep = () => assertWorthKeeping([{ secret: key.secret, fault }]);
    if (isKept) return keep();
    assert.throws(keep, { code, message: /^The key …9876 .*the vendor’s words/ });
  });
}

test('of several keys one that is refused stops all', () => {
  const tests = [
    { secret: 'sk-good-one-1111', fault: null },
    { secret: 'sk-bad-one-2222', fault: makeFault('provider_auth', 'no') },
  ];
  assert.throws(() => assertWorthKeeping(tests), /The key …2222 was refused/);
});

test('a hint shows four characters of a long key and nothing of a short one', () => {
  assert.equal(hintOf('123456789012'), '9012');
  assert.equal(hintOf('12345678901'), null);
  assert.equal(nameOfKey('12345678901'), 'The key');
});

test('ids tell keys and vendors apart and do not hold the key', () => {
  const ids = [
    identifyKey('openai', 'sk-one-one-one'),
    identifyKey('zai', 'sk-one-one-one'),
    identifyKey('openai', 'sk-two-two-two'),
  ];
  assert.equal(new Set(ids).size, 3);
  for (const id of ids) assert.match(id, /^[0-9a-f]{16}$/);
});

const spoken: readonly [string, string, string][] = [
  ['whole', 'bad key sk-secret-0001!', 'bad key (the key)!'],
  ['twice', 'sk-secret-0001 is not sk-secret-0001', '(the key) is not (the key)'],
  ['cut at the end', 'the key sk-secret', 'the key (the key)'],
  ['not at all', 'the key sk-se', 'the key sk-se'],
];
for (const [how, text, expected] of spoken) {
  test(`a key that a vendor repeats ${how} is taken out of its words`, () => {
    assert.equal(withoutSecrets(text, ['sk-secret-0001']), expected);
  });
}

test('a key that an address encodes is taken out too', () => {
  assert.equal(withoutSecrets('/?key=a%2Bb%2Fc', ['a+b/c']), '/?key=(the key)');
});

const allowed = allowedBases(parseBases('zai=https://proxy.example/v4/') ?? {});
const places: readonly [string, string | null, string | null | 'refused'][] = [
  ['zai', null, null],
  ['zai', 'https://api.z.ai/api/coding/paas/v4', 'https://api.z.ai/api/coding/paas/v4'],
  ['zai', 'https://api.z.ai/api/coding/paas/v4/', 'https://api.z.ai/api/coding/paas/v4'],
  ['zai', 'HTTPS://API.Z.AI/api/paas/v4', 'https://api.z.ai/api/paas/v4'],
  ['zai', 'https://proxy.example/v4', 'https://proxy.example/v4'],
  ['openai', 'https://proxy.example/v4', 'refused'],
  ['openrouter', 'https://api.z.ai/api/paas/v4', 'refused'],
  ['zai', 'http://169.254.169.254/latest/meta-data', 'refused'],
  ['zai', 'http://api.z.ai/api/paas/v4', 'refused'],
  ['zai', 'https://api.z.ai.evil.example/api/paas/v4', 'refused'],
  ['zai', 'https://user@api.z.ai/api/paas/v4', 'refused'],
  ['zai', 'https://api.z.ai/api/paas/v4?to=elsewhere', 'refused'],
  ['zai', 'https://api.z.ai:8443/api/paas/v4', 'refused'],
  ['zai', 'not an address', 'refused'],
];
for (const [provider, baseUrl, expected] of places) {
  test(`the address ${baseUrl} for ${provider}: ${expected}`, () => {
    const choose = () => chooseBase(allowed, { provider: provider as 'zai', baseUrl });
    if (expected !== 'refused') return assert.equal(choose(), expected);
    assert.throws(choose, { code: 'bad_request', message: /MOSAIC_USER_BASE_URLS/ });
  });
}

test('the list of allowed addresses is read whole or refused', () => {
  assert.deepEqual(parseBases('zai=https://a.example/v4, zai=https://b.example'), {
    zai: ['https://a.example/v4', 'https://b.example'],
  });
  for (const text of ['zai', 'nobody=https://a.example', 'zai=ftp://a.example', 'zai=']) {
    assert.equal(parseBases(text), undefined, text);
  }
});
