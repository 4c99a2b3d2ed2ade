import assert from 'node:assert/strict';
import { after, before, beforeEach, test } from 'node:test';
import {
  credentialsChanged,
  listCredentials,
  listOwnModels,
  MosaicError,
  type OwnCredentials,
  type RequestOf,
  removeCredentials,
  saveCredentials,
  testCredentials,
} from '@mosaic/proto';
import type { Bus } from '@mosaic/service-kit';
import { waitFor } from '@mosaic/test-kit';
import { ask, type GatewayRig, startGateway, type TestPerson } from './gateway-rig.ts';

type Wish = RequestOf<typeof saveCredentials> & { readonly userId: string };

let rig: GatewayRig;
let ada: TestPerson;
let bob: TestPerson;
let providers: Bus;
let isDatabaseAway = false;
const saved: Wish[] = [];
const owned = new Map<string, OwnCredentials[]>();
const bases = { anthropic: ['https://api.anthropic.com'] };

const kept = (keys: readonly string[]): OwnCredentials => ({
  provider: 'anthropic',
  baseUrl: null,
  keys: keys.map((key) => ({
    hint: key.slice(-4),
    savedAt: '2026-11-24T12:00:00.000Z',
    testedAt: null,
    outcome: 'works',
    message: null,
    unusableReason: null,
  })),
});

before(async () => {
  rig = await startGateway();
  ada = await rig.signUp('ada');
  bob = await rig.signUp('bob');
  providers = await rig.bus.connect('providers');
  providers.handle(saveCredentials, async (wish, { caller }) => {
    saved.push({ ...wish, userId: caller.userId });
    if (wish.keys.some((key) => key.startsWith('bad-'))) {
      throw new MosaicError('provider_auth', 'The key …0000 was refused by the vendor.');
    }
    owned.set(caller.userId, [kept(wish.keys)]);
    return { credentials: kept(wish.keys) };
  });
  providers.handle(removeCredentials, async (_, { caller }) => ({
    removed: Number(owned.delete(caller.userId)),
  }));
  providers.handle(testCredentials, async (_, { caller }) => {
    const [credentials] = owned.get(caller.userId) ?? [];
    if (credentials === undefined) throw new MosaicError('not_found');
    return { credentials };
  });
  providers.handle(listCredentials, async (_, { caller }) => {
    if (isDatabaseAway) throw new MosaicError('service_unavailable', 'PostgreSQL is away.');
    return { credentials: owned.get(caller.userId) ?? [], bases, problem: null };
  });
  await providers.flush();
});
beforeEach(() => {
  saved.length = 0;
  isDatabaseAway = false;
});
after(() => rig.stop());

const path = '/api/providers/anthropic/credentials';
const secret = 'sk-ant-of-ada-SECRET-1234';

test('a key goes in for whoever sends it, and what comes back holds four characters of it', async () => {
  const put = await ada.ask('PUT', path, { key: secret });
  assert.equal(put.status, 200);
  assert.deepEqual(saved, [
    { provider: 'anthropic', keys: [secret], baseUrl: null, skipTest: false, userId: ada.id },
  ]);
  const answers = [put, await ada.ask('GET', path), await ada.ask('GET', '/api/providers')];
  for (const { body } of [...answers, await ada.ask('POST', `${path}/test`)]) {
    assert.equal(JSON.stringify(body).includes('1234'), true);
    assert.equal(JSON.stringify(body).includes('SECRET'), false);
  }
});

test('the list of vendors shows own keys to their owner alone', async () => {
  await ada.ask('PUT', path, { keys: [secret, 'sk-ant-of-ada-SECRET-5678'] });
  const ownOf = async (person: TestPerson) =>
    (await person.ask('GET', '/api/providers')).body.providers[0].own;
  assert.deepEqual(
    (await ownOf(ada)).keys.map((key: { hint: string }) => key.hint),
    ['1234', '5678'],
  );
  assert.equal(await ownOf(bob), null);
  assert.deepEqual((await bob.ask('GET', path)).body.credentials.keys, []);
  assert.equal((await bob.ask('POST', `${path}/test`)).status, 404);
});

test('while nobody can tell about own keys the vendors are shown all the same, with the reason', async () => {
  isDatabaseAway = true;
  const { body, status } = await ada.ask('GET', '/api/providers');
  assert.equal(status, 200);
  assert.equal(body.providers[0].name, 'anthropic');
  assert.equal(body.problem, 'PostgreSQL is away.');
});

test('removing them answers alike whether there were any', async () => {
  await ada.ask('PUT', path, { key: secret });
  for (const _ of [1, 2]) assert.equal((await ada.ask('DELETE', path)).status, 204);
  assert.deepEqual((await ada.ask('GET', path)).body.credentials.keys, []);
});

test('what the vendor says of a refused key reaches the person', async () => {
  const { body, status } = await ada.ask('PUT', path, { key: 'bad-key-of-ada-0000' });
  assert.equal(status, 502);
  assert.equal(body.error.code, 'provider_auth');
  assert.match(body.error.message, /refused by the vendor/);
});

test('a test is left out for who says so, in the body or in the address', async () => {
  await ada.ask('PUT', path, { key: secret, skipTest: true });
  await ada.ask('PUT', `${path}?force=1`, { key: secret });
  await ada.ask('PUT', `${path}?force=0`, { key: secret });
  assert.deepEqual(
    saved.map((one) => one.skipTest),
    [true, true, false],
  );
});

const bad: readonly [string, unknown][] = [
  ['nothing', {}],
  ['no keys', { keys: [] }],
  ['a key and keys', { key: secret, keys: [secret] }],
  ['nine keys', { keys: Array.from({ length: 9 }, (_, index) => `${secret}${index}`) }],
  ['a key of two lines', { key: 'sk-SECRET-one\r\nx-evil: 1' }],
  ['a key of other letters', { key: 'sk-SECRET-ключ' }],
  ['a very short key', { key: 'SECRET' }],
  ['a very long key', { key: 'SECRET'.repeat(100) }],
  ['an address that is none', { key: secret, baseUrl: 'file:///etc/SECRET' }],
  ['something unknown', { key: secret, SECRET: 'SECRET' }],
  ['a user', { key: secret, userId: 'bob' }],
];
for (const [what, body] of bad) {
  test(`${what}: refused in a sentence that repeats nothing of it`, async () => {
    const answer = await ada.ask('PUT', path, body);
    assert.equal(answer.status, 400);
    assert.equal(answer.body.error.code, 'bad_request');
    const { error } = answer.body;
    if (what !== 'something unknown') assert.equal(JSON.stringify(error).includes('SECRET'), false);
    assert.deepEqual(saved, []);
  });
}

test('JSON that is broken in the middle of a key is not repeated either', async () => {
  const headers = { authorization: `Bearer ${ada.token}` };
  const answer = await ask(`${rig.url}${path}`, {
    method: 'PUT',
    body: '{"key":"sk-SECRET',
    headers,
  });
  assert.equal(answer.status, 400);
  assert.equal(JSON.stringify(answer.body).includes('SECRET'), false);
});

test('an API key of limited scope neither sees nor changes them; one without limits does', async () => {
  await ada.ask('PUT', path, { key: secret });
  for (const scopes of [['chat'], ['keys'], ['admin', 'keys']]) {
    const { key } = (await ada.ask('POST', '/api/keys', { name: 'limited', scopes })).body;
    const limited = rig.as(key);
    for (const [method, at] of [
      ['PUT', path],
      ['DELETE', path],
      ['GET', path],
      ['POST', `${path}/test`],
    ] as const) {
      const answer = await limited(method, at, method === 'PUT' ? { key: secret } : undefined);
      assert.equal(answer.status, 403, `${method} ${at} with ${scopes}`);
    }
    assert.equal((await limited('GET', '/api/providers')).body.providers[0].own, null);
  }
  assert.equal(saved.length, 1);
  const { key } = (await ada.ask('POST', '/api/keys', { name: 'whole' })).body;
  assert.equal((await rig.as(key)('PUT', path, { key: secret })).status, 200);
});

test('nobody gets in without a name, from another site, or to a vendor that there is not', async () => {
  const request = { method: 'PUT', body: { key: secret } };
  assert.equal((await ask(`${rig.url}${path}`, request)).status, 401);
  assert.equal(
    (await ada.ask('PUT', '/api/providers/nobody/credentials', { key: secret })).status,
    404,
  );
  const account = { email: 'ada@example.org', password: 'correct horse battery' };
  const signIn = await ask(`${rig.url}/api/auth/sign-in/email`, { method: 'POST', body: account });
  const cookie = signIn.headers.getSetCookie()[0]?.split(';')[0] ?? '';
  const headers = { cookie, origin: 'https://evil.example' };
  assert.equal((await ask(`${rig.url}${path}`, { ...request, headers })).status, 403);
  assert.deepEqual(saved, []);
});

test('nobody tries out a long list of keys', async () => {
  const cleo = await rig.signUp('cleo');
  const keys = Array.from({ length: 8 }, (_, index) => `sk-found-somewhere-${index}`);
  for (const _ of [1, 2, 3]) assert.equal((await cleo.ask('PUT', path, { keys })).status, 200);
  assert.equal((await cleo.ask('PUT', path, { keys })).status, 429);
  assert.equal((await bob.ask('PUT', path, { key: secret })).status, 200);
});

test('models that are there by own keys are listed for their owner, and gone when the keys are', async () => {
  const mine = new Map([[ada.id, true]]);
  providers.handle(listOwnModels, async (_, { caller }) => ({
    models: mine.has(caller.userId)
      ? [
          {
            provider: 'zai' as const,
            model: 'glm-5',
            name: 'GLM-5',
            contextTokens: null,
            maxOutputTokens: null,
            capabilities: [],
            price: null,
            isAvailable: true,
            unavailableReason: null,
          },
        ]
      : [],
  }));
  await providers.flush();
  const modelsOf = async ({ ask: asPerson }: TestPerson, at = '/api/models') =>
    JSON.stringify((await asPerson('GET', at)).body);
  const dora = await rig.signUp('dora');
  mine.set(dora.id, true);
  assert.match(await modelsOf(dora), /glm-5/);
  assert.match(await modelsOf(dora, '/v1/models'), /zai\/glm-5/);
  assert.doesNotMatch(await modelsOf(bob), /glm-5/);
  mine.delete(dora.id);
  providers.publishLive(credentialsChanged, { provider: 'zai' }, { tokens: { userId: dora.id } });
  await waitFor(async () => !(await modelsOf(dora)).includes('glm-5'));
});
