import assert from 'node:assert/strict';
import { afterEach, beforeEach, describe, test } from 'node:test';
import type { ProviderName } from '@mosaic/proto';
import { waitFor } from '@mosaic/test-kit';
import { identifyKey } from '../../src/app/keys/identify-key.ts';
import type { VendorKey } from '../../src/app/vendor/vendor-key.ts';
import { startReplayServer } from '../replay-server.ts';
import { skippableTimers } from '../skippable-timers.ts';
import { fixture } from '../vendor-cases.ts';
import { type MoodyServer, startMoodyServer } from './moody-server.ts';
import { opus, outcomeOf, sonnet, startRegistry } from './run-registry.ts';

const secrets = ['key-of-the-first-1111', 'key-of-the-second-2222', 'key-of-the-third-3333'];
const [first = '', second = ''] = secrets;
let server: MoodyServer;

const envOf = (keys: readonly string[]) => ({
  ANTHROPIC_API_KEY: keys.join(','),
  ANTHROPIC_BASE_URL: server.url,
});
const keysUsed = () => server.requests.map(({ key }) => key);
const userKey = (secret: string, baseUrl: string | null = null): VendorKey => ({
  id: identifyKey('anthropic', secret),
  secret,
  baseUrl,
  owner: 'user',
});
const usersKeys = (...keys: VendorKey[]) =>
  new Map<ProviderName, readonly VendorKey[]>([['anthropic', keys]]);

beforeEach(async () => {
  server = await startMoodyServer();
});
afterEach(() => server.stop());

describe('several keys of one vendor', () => {
  test('a conversation keeps its key over 100 calls', async () => {
    const { ask } = startRegistry(envOf(secrets));
    for (let call = 0; call < 100; call += 1) {
      assert.equal(outcomeOf(await ask({ conversationId: 'one' })), 'answered');
    }
    assert.equal(server.requests.length, 100);
    assert.equal(new Set(keysUsed()).size, 1);
  });

  test('conversations spread over the keys', async () => {
    const { ask } = startRegistry(envOf(secrets));
    for (let number = 0; number < 60; number += 1) await ask({ conversationId: `c${number}` });
    assert.deepEqual(new Set(keysUsed()), new Set(secrets));
    for (const key of secrets) {
      assert.ok(keysUsed().filter((one) => one === key).length >= 8, 'too few for one key');
    }
  });

  test('a limited key hands over to the next at once, and gets its conversation back', async () => {
    const { ask, registry } = startRegistry(envOf([first, second]));
    await ask({ conversationId: 'one' });
    const [own = ''] = keysUsed();
    const other = own === first ? second : first;
    server.mood = ({ key }) =>
      key === own ? { status: 429, headers: { 'retry-after-ms': '60' } } : 'answer';
    const parts = await ask({ conversationId: 'one' });
    assert.equal(outcomeOf(parts), 'answered');
    assert.deepEqual(parts[0]?.type === 'start' && parts[0].skipped, []);
    assert.deepEqual(keysUsed().slice(1), [own, other]);
    assert.equal(registry.status('anthropic').isHealthy, true);
    server.mood = () => 'answer';
    await new Promise((resolve) => setTimeout(resolve, 80));
    await ask({ conversationId: 'one' });
    assert.equal(keysUsed().at(-1), own);
  });

  test('a key is not asked with again before its Retry-After is over', async () => {
    const { ask } = startRegistry(envOf([first, second]));
    server.mood = ({ key }) =>
      key === first ? { status: 429, headers: { 'retry-after': '30' } } : 'answer';
    for (let number = 0; number < 40; number += 1) {
      assert.equal(outcomeOf(await ask({ conversationId: `c${number}` })), 'answered');
    }
    assert.equal(keysUsed().filter((key) => key === first).length, 1);
  });
});

describe('keys that are refused, or empty', () => {
  for (const [what, mood, state] of [
    ['refused', { status: 401, message: 'invalid x-api-key' }, 'refused'],
    ['without balance', { status: 400, message: 'Your credit balance is too low' }, 'resting'],
  ] as const) {
    test(`a key that is ${what} hands over without a failure of the vendor, and is shown`, async () => {
      const { ask, registry, health } = startRegistry(envOf(secrets));
      server.mood = ({ key }) => (key === first ? mood : 'answer');
      for (let number = 0; number < 30; number += 1) {
        assert.equal(outcomeOf(await ask({ conversationId: `c${number}` })), 'answered');
      }
      assert.equal(keysUsed().filter((key) => key === first).length, 1);
      const { keys, isHealthy } = registry.status('anthropic');
      assert.equal(isHealthy, true);
      assert.deepEqual(
        keys.map((one) => [one.hint, one.owner, one.state]),
        [
          ['1111', 'installation', state],
          ['2222', 'installation', 'ready'],
          ['3333', 'installation', 'ready'],
        ],
      );
      assert.equal(keys[0]?.reason, mood.message);
      assert.ok(Date.parse(keys[0]?.until ?? '') > Date.now());
      assert.deepEqual(health, []);
    });
  }

  test('a refused key is ready again after a good test, one that waits for its time is not', async () => {
    const { ask, registry, rests } = startRegistry(envOf([first, second]));
    let lists = 0;
    server.mood = ({ key, model }) => {
      if (model === 'list') lists += 1;
      return key === first ? { status: 401 } : { status: 429, headers: { 'retry-after': '60' } };
    };
    assert.notEqual(outcomeOf(await ask()), 'answered');
    // A refused key is tested at once, behind the call's back.
    await waitFor(() => lists === 1, { timeoutMs: 30_000 });
    assert.equal(server.requests.length, 2);
    assert.equal(registry.status('anthropic').isHealthy, false);
    let tested: string[] = [];
    server.mood = ({ key }) => {
      tested.push(key);
      return { status: 401 };
    };
    await registry.refresh('anthropic');
    assert.equal(rests.of(identifyKey('anthropic', first))?.kind, 'refused');
    tested = [];
    server.mood = ({ key }) => {
      tested.push(key);
      return 'answer';
    };
    await registry.refresh('anthropic');
    assert.deepEqual(tested, [first]);
    assert.equal(rests.of(identifyKey('anthropic', first)), null);
    assert.equal(rests.of(identifyKey('anthropic', second))?.kind, 'rate-limit');
    assert.equal(registry.status('anthropic').isHealthy, true);
    registry.stop();
  });

  test('a refused key is tested at once; when the test is good and calls are not, time decides', async () => {
    const timers = skippableTimers();
    const { ask, registry, rests } = startRegistry(envOf([first]), timers);
    server.mood = ({ model }) => (model === 'list' ? 'answer' : { status: 401 });
    const id = identifyKey('anthropic', first);
    assert.equal(outcomeOf(await ask()), 'provider_auth');
    await waitFor(() => rests.of(id) === null, { timeoutMs: 30_000 });
    assert.equal(outcomeOf(await ask()), 'provider_auth');
    assert.equal(outcomeOf(await ask()), 'provider_auth');
    assert.equal(server.requests.length, 2);
    server.mood = () => 'answer';
    timers.skip(2 * 60_000);
    assert.equal(outcomeOf(await ask()), 'answered');
    assert.equal(server.requests.length, 3);
    registry.stop();
  });

  test('when every key is refused the call ends with that, one request for each', async () => {
    const { ask, registry } = startRegistry(envOf(secrets));
    server.mood = () => ({ status: 401, message: 'invalid x-api-key' });
    const candidates = [opus, sonnet];
    assert.equal(outcomeOf(await ask({ candidates })), 'no_model_available');
    assert.equal(outcomeOf(await ask({ candidates })), 'no_model_available');
    assert.deepEqual(new Set(keysUsed()), new Set(secrets));
    assert.equal(server.requests.length, 3);
    assert.match(registry.status('anthropic').reason ?? '', /All 3 keys rest.*invalid x-api-key/);
    assert.ok(registry.models().every((one) => one.provider !== 'anthropic' || !one.isAvailable));
    registry.stop();
  });

  test('no part, status or event repeats a key that the vendor repeats', async () => {
    const { ask, registry, health } = startRegistry(envOf(secrets));
    server.mood = ({ key }) => ({ status: 401, message: `The key ${key} is wrong.` });
    const parts = await ask();
    await registry.refresh('anthropic');
    const everything = JSON.stringify([parts, registry.statuses(), registry.models(), health]);
    assert.match(everything, /The key \(the key\) is wrong/);
    for (const secret of secrets) assert.ok(!everything.includes(secret));
    registry.stop();
  });
});

describe('keys that are right and may not do everything', () => {
  const refusal = { status: 403, message: 'Your key has no access to this model.' };

  test('the model rests for the key, which goes on with the others', async () => {
    const { ask, registry, health } = startRegistry(envOf([first]));
    server.mood = ({ model }) => (model === opus.model ? refusal : 'answer');
    assert.equal(outcomeOf(await ask()), 'provider_forbidden');
    assert.equal(outcomeOf(await ask({ candidates: [sonnet] })), 'answered');
    assert.equal(outcomeOf(await ask()), 'provider_forbidden');
    assert.equal(server.requests.length, 2, 'the second time nobody is asked');
    const { isHealthy, keys, restingModels } = registry.status('anthropic');
    assert.deepEqual([isHealthy, keys[0]?.state, keys[0]?.reason], [true, 'ready', null]);
    const reason = 'The key is right, but may not do this: Your key has no access to this model.';
    assert.deepEqual(
      restingModels.map((one) => [one.model, one.reason]),
      [[opus.model, reason]],
    );
    assert.deepEqual(
      health.map((change) => [change.model, change.isHealthy]),
      [[opus.model, false]],
    );
    const cards = registry.models();
    assert.equal(cards.find((one) => one.model === opus.model)?.unavailableReason, reason);
    assert.equal(cards.find((one) => one.model === sonnet.model)?.isAvailable, true);
    registry.stop();
  });

  test('another key may have the right: then nothing rests but the first for this model', async () => {
    const { ask, registry } = startRegistry(envOf([first, second]));
    server.mood = ({ key, model }) => (key === first && model === opus.model ? refusal : 'answer');
    for (let number = 0; number < 20; number += 1) {
      assert.equal(outcomeOf(await ask({ conversationId: `c${number}` })), 'answered');
    }
    const toFirst = server.requests.filter(({ key }) => key === first);
    assert.equal(toFirst.length, 1);
    assert.deepEqual(registry.status('anthropic').restingModels, []);
    for (let number = 0; number < 20; number += 1) {
      await ask({ candidates: [sonnet], conversationId: `c${number}` });
    }
    const stillUsed = server.requests.filter(({ key }) => key === first).length;
    assert.ok(stillUsed > 1, 'the first key goes on with the other model');
  });

  test('one that may not list the models is shown so, and asks them', async () => {
    const { ask, registry } = startRegistry(envOf([first]));
    server.mood = ({ model }) => (model === 'list' ? refusal : 'answer');
    await registry.refresh('anthropic');
    const { isHealthy, keys } = registry.status('anthropic');
    assert.deepEqual([isHealthy, keys[0]?.state], [true, 'ready']);
    assert.match(keys[0]?.reason ?? '', /^It may not list the models: Your key has no access/);
    assert.equal(outcomeOf(await ask()), 'answered');
    server.mood = () => ({ status: 401, message: 'invalid x-api-key' });
    await registry.refresh('anthropic');
    assert.equal(registry.status('anthropic').keys[0]?.state, 'refused', 'a wrong key is not that');
    registry.stop();
  });
});

describe('limits that OpenRouter passes on', () => {
  const [free, other] = ['some/model:free', 'another/model'].map(
    (model) => ({ provider: 'openrouter', model }) as const,
  );

  test('one upstream’s rest its model, the account’s rest the key', async () => {
    const router = await startReplayServer('text/event-stream');
    const { ask, registry } = startRegistry({
      OPENROUTER_API_KEY: first,
      OPENROUTER_BASE_URL: router.url,
    });
    const answered = { chunks: [fixture('openrouter', 'text')] };
    const limit = (file: string) => ({
      status: 429,
      headers: { 'retry-after': '17' },
      chunks: [fixture('openrouter', file)],
    });
    assert.ok(free && other);
    router.queue(limit('upstream-limited.json'), answered, limit('account-limited.json'));
    const status = () => registry.status('openrouter');
    assert.equal(outcomeOf(await ask({ candidates: [free] })), 'provider_rate_limited');
    assert.deepEqual([status().isHealthy, status().keys[0]?.state], [true, 'ready']);
    assert.deepEqual(
      status().restingModels.map(({ model }) => model),
      [free.model],
    );
    assert.equal(outcomeOf(await ask({ candidates: [free] })), 'provider_rate_limited');
    assert.equal(outcomeOf(await ask({ candidates: [free, other] })), 'answered');
    assert.equal(router.bodies.length, 2, 'the model that rests was asked once');
    assert.equal(outcomeOf(await ask({ candidates: [other] })), 'provider_rate_limited');
    assert.deepEqual([status().isHealthy, status().keys[0]?.state], [false, 'resting']);
    registry.stop();
    await router.stop();
  });
});

describe('keys as they are written', () => {
  const statusOf = (value: string) =>
    startRegistry({ ANTHROPIC_API_KEY: value }).registry.status('anthropic');

  test('commas, line ends and blanks divide them, and the same key counts once', () => {
    const { keys, keyHint } = statusOf(` ${first},${second}\n\n${first} ,\r\n`);
    assert.deepEqual(
      keys.map(({ hint }) => hint),
      ['1111', '2222'],
    );
    assert.equal(keyHint, '1111');
  });

  for (const value of [',', ' , ,\n', '   ']) {
    test(`nothing but ${JSON.stringify(value)} is no key: absent, with what to do`, () => {
      const status = statusOf(value);
      assert.equal(status.isConfigured, false);
      assert.deepEqual(status.keys, []);
      assert.match(status.reason ?? '', /No key: set ANTHROPIC_API_KEY/);
    });
  }
});

describe('a user’s own keys', () => {
  const own = 'own-key-of-mia-9999';

  test('are used for this user, and the installation’s are not, whatever happens', async () => {
    const { ask } = startRegistry(envOf(secrets));
    server.mood = ({ key }) => (key === own ? { status: 401 } : 'answer');
    const parts = await ask({ userKeys: usersKeys(userKey(own)) });
    assert.equal(outcomeOf(parts), 'provider_auth');
    assert.deepEqual(keysUsed(), [own]);
    assert.equal(outcomeOf(await ask()), 'answered');
    assert.ok(secrets.includes(keysUsed().at(-1) ?? ''));
  });

  test('make a vendor usable that the installation has no key for', async () => {
    const { ask, registry } = startRegistry({ ANTHROPIC_BASE_URL: server.url });
    assert.equal(outcomeOf(await ask()), 'missing_key');
    const userKeys = usersKeys(userKey(own));
    assert.equal(outcomeOf(await ask({ userKeys })), 'answered');
    assert.deepEqual(keysUsed(), [own]);
    const status = registry.status('anthropic', userKeys);
    assert.equal(status.isConfigured, true);
    assert.deepEqual(
      status.keys.map(({ hint, owner }) => [hint, owner]),
      [['9999', 'user']],
    );
    assert.equal(registry.status('anthropic').isConfigured, false);
  });

  test('are used at their own address, whose failures are nobody else’s', async () => {
    const { ask } = startRegistry(envOf([first]));
    const elsewhere = await startMoodyServer();
    elsewhere.mood = () => ({ status: 529 });
    const userKeys = usersKeys(userKey(own, elsewhere.url));
    for (let call = 0; call < 3; call += 1) await ask({ userKeys });
    assert.ok(elsewhere.requests.length >= 3);
    assert.equal(outcomeOf(await ask({ userKeys })), 'no_model_available');
    assert.equal(outcomeOf(await ask()), 'answered');
    assert.deepEqual(keysUsed(), [first]);
    await elsewhere.stop();
  });
});
