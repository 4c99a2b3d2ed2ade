import assert from 'node:assert/strict';
import { after, before, test } from 'node:test';
import { waitFor } from '@mosaic/test-kit';
import { newMasterKey, startCredentialStack } from './credential-stack.ts';

const haiku = { provider: 'anthropic', model: 'claude-haiku-4-5' } as const;
const gpt = { provider: 'openai', model: 'gpt-5.4' } as const;
const glm = { provider: 'zai', model: 'glm-5' } as const;
const routed = { provider: 'openrouter', model: 'z-ai/glm-5' } as const;

const patience = { timeoutMs: 60_000 };

let stack: Awaited<ReturnType<typeof startCredentialStack>>;
before(async () => {
  stack = await startCredentialStack();
  // Two replicas: what one of them saves the other has to use, and drop.
  const env = { MOSAIC_MASTER_KEY: newMasterKey() };
  await stack.startProviders(env);
  await stack.startProviders(env);
  const nobody = stack.bus.person('nobody');
  await waitFor(async () => (await stack.list(nobody)).problem === null, patience);
});
after(() => stack.stop());

/** Often enough to meet both replicas as a rule. */
const rounds = Array.from({ length: 6 });
/** The bus picks a replica by chance: both, but for one time in a million. */
const surelyBoth = Array.from({ length: 20 });

type Model = Parameters<typeof stack.keySeenFor>[1];

/** Resolves when every replica has heard which key is asked with for somebody. */
const untilSeen = (caller: Parameters<typeof stack.keySeenFor>[0], model: Model, wanted: string) =>
  waitFor(
    async () => {
      for (const _ of surelyBoth) {
        if ((await stack.keySeenFor(caller, model)).seen !== wanted) return false;
      }
      return true;
    },
    { timeoutMs: 60_000, what: `the key ${wanted} at both replicas` },
  );

test('a key serves its owner alone, and every replica as soon as it is saved', async () => {
  const [ann, bob] = [stack.bus.person('ann'), stack.bus.person('bob')];
  for (const _ of rounds) assert.equal((await stack.keySeenFor(ann, haiku)).seen, null);
  const keys = ['sk-ant-of-ann-0001'];
  const { credentials } = await stack.save(ann, { keys });
  assert.deepEqual(
    credentials.keys.map(({ hint, outcome }) => [hint, outcome]),
    [['0001', 'works']],
  );
  await untilSeen(ann, haiku, '0001');
  for (const _ of rounds) {
    const { last, seen } = await stack.keySeenFor(bob, haiku);
    assert.equal(seen, null);
    assert.equal(last?.type === 'error' && last.failure.code, 'missing_key');
  }
});

test('nobody else hears of it: no hint, no vendor, no model', async () => {
  const [ann, bob] = [stack.bus.person('ann'), stack.bus.person('bob')];
  assert.deepEqual((await stack.list(bob)).credentials, []);
  assert.deepEqual(await stack.ownModels(bob), []);
  const seenBy = async (caller: typeof ann) =>
    (await stack.providers(caller)).find((one) => one.name === 'anthropic');
  assert.equal((await seenBy(bob))?.isConfigured, false);
  assert.equal((await seenBy(bob))?.keyHint, null);
  assert.equal((await seenBy(ann))?.isConfigured, true);
  assert.equal((await seenBy(ann))?.keyHint, '0001');
  assert.ok((await stack.ownModels(ann)).every((card) => card.provider === 'anthropic'));
  assert.ok((await stack.ownModels(ann)).some((card) => card.model === haiku.model));
  await assert.rejects(stack.test(bob, 'anthropic'), { code: 'not_found' });
  assert.equal((await stack.remove(bob, 'anthropic')).removed, 0);
  assert.equal((await stack.keySeenFor(ann, haiku)).seen, '0001');
});

test('one’s own key goes before the installation’s, and after removing it that serves again', async () => {
  const [cleo, bob] = [stack.bus.person('cleo'), stack.bus.person('bob')];
  assert.equal((await stack.keySeenFor(cleo, gpt)).seen, '-key');
  await stack.save(cleo, { provider: 'openai', keys: ['sk-openai-of-cleo'] });
  await untilSeen(cleo, gpt, 'cleo');
  for (const _ of rounds) assert.equal((await stack.keySeenFor(bob, gpt)).seen, '-key');
  assert.equal((await stack.remove(cleo, 'openai')).removed, 1);
  await untilSeen(cleo, gpt, '-key');
  assert.deepEqual((await stack.list(cleo)).credentials, []);
});

const refusals = [
  ['anthropic', /invalid x-api-key/],
  ['openai', /Incorrect API key provided/],
  ['openrouter', /User not found/],
  ['zai', /token expired or incorrect/],
] as const;
for (const [provider, words] of refusals) {
  test(`a key that ${provider} refuses is not kept, and its words come back without the key`, async () => {
    const eve = stack.bus.person('eve');
    const keys = ['bad-key-of-eve-9999'];
    await assert.rejects(stack.save(eve, { provider, keys }), (error: Error) => {
      assert.ok('code' in error && error.code === 'provider_auth', String(error));
      assert.match(error.message, words);
      assert.equal(error.message.includes('bad-key-of-eve'), false);
      return true;
    });
    assert.deepEqual((await stack.list(eve)).credentials, []);
  });
  test(`a key that ${provider} takes is kept and used`, async () => {
    const dan = stack.bus.person('dan');
    const model = { anthropic: haiku, openai: gpt, openrouter: routed, zai: glm }[provider];
    const { credentials } = await stack.save(dan, {
      provider,
      keys: [`sk-${provider}-of-dan-7777`],
    });
    assert.equal(credentials.keys[0]?.outcome, 'works');
    await waitFor(async () => (await stack.keySeenFor(dan, model)).seen === '7777', patience);
  });
}

test('a vendor that repeats the whole key in its refusal tells nobody', async () => {
  const jo = stack.bus.person('jo');
  const secret = 'sk-ant-of-jo-REPEATED-5151';
  const message = `no such key: ${secret} (${encodeURIComponent(secret)})`;
  const fault = { kind: 'status', status: 401, message } as const;
  const hearing = await stack.bus.connect('gateway');
  stack.vendors.script({ vendor: 'anthropic', endpoint: 'models', fault });
  const refused = await stack.save(jo, { keys: [secret] }).then(
    () => '',
    (error: Error) => error.message,
  );
  assert.match(refused, /no such key: \(the key\)/);
  await stack.save(jo, { keys: [secret] });
  stack.vendors.script({ vendor: 'anthropic', endpoint: 'models', fault });
  const { credentials } = await stack.test(jo, 'anthropic');
  const instances = await hearing.discover(250);
  for (const text of [refused, credentials, instances, stack.log()].map((one) =>
    JSON.stringify(one),
  )) {
    assert.equal(text.includes('REPEATED'), false);
  }
});

test('a refused key leaves the one that was kept before as it was', async () => {
  const ann = stack.bus.person('ann');
  await assert.rejects(stack.save(ann, { keys: ['sk-good-0002-0002', 'bad-key-of-ann-1'] }));
  assert.equal((await stack.keySeenFor(ann, haiku)).seen, '0001');
});

test('an account without balance is no reason not to keep its key', async () => {
  const fay = stack.bus.person('fay');
  const fault = { kind: 'status', status: 429, code: '1113' } as const;
  stack.vendors.script({ vendor: 'zai', fault });
  const { credentials } = await stack.save(fay, { provider: 'zai', keys: ['zai-of-fay-00001'] });
  assert.equal(credentials.keys[0]?.outcome, 'no-quota');
  assert.match(credentials.keys[0]?.message ?? '', /balance/);
});

test('a key that may not list the models is known: it is kept, with the vendor’s words', async () => {
  const ivy = stack.bus.person('ivy');
  const fault = { kind: 'status', status: 403 } as const;
  stack.vendors.script({ vendor: 'anthropic', endpoint: 'models', fault });
  const { credentials } = await stack.save(ivy, { keys: ['sk-ant-of-ivy-0006'] });
  assert.equal(credentials.keys[0]?.outcome, 'limited');
  assert.match(credentials.keys[0]?.message ?? '', /does not have permission/);
  assert.equal((await stack.keySeenFor(ivy, haiku)).seen, '0006');
});

test('a vendor that fails says nothing of the key: kept only for who asks not to test it', async () => {
  const gil = stack.bus.person('gil');
  const wish = { keys: ['sk-ant-of-gil-0005'] };
  stack.vendors.script({
    vendor: 'anthropic',
    endpoint: 'models',
    fault: { kind: 'status', status: 529 },
  });
  await assert.rejects(stack.save(gil, wish), { code: 'provider_overloaded', message: /skipTest/ });
  const { credentials } = await stack.save(gil, { ...wish, skipTest: true });
  assert.deepEqual(
    credentials.keys.map(({ outcome, testedAt }) => [outcome, testedAt]),
    [['untested', null]],
  );
  const tested = await stack.test(gil, 'anthropic');
  assert.equal(tested.credentials.keys[0]?.outcome, 'works');
  assert.ok(tested.credentials.keys[0]?.testedAt);
  const fault = { kind: 'status', status: 401 } as const;
  stack.vendors.script({ vendor: 'anthropic', endpoint: 'models', fault });
  assert.equal((await stack.test(gil, 'anthropic')).credentials.keys[0]?.outcome, 'refused');
});

test('a key goes to no address that the vendor does not document', async () => {
  const hal = stack.bus.person('hal');
  stack.vendors.clearJournal();
  const baseUrl = `${stack.vendors.urls.zai}/elsewhere`;
  const wish = { provider: 'zai' as const, keys: ['zai-of-hal-000001'], baseUrl };
  await assert.rejects(stack.save(hal, wish), { code: 'bad_request', message: /api\.z\.ai/ });
  await assert.rejects(stack.save(hal, { provider: 'ollama', keys: ['no-such-key'] }), {
    code: 'bad_request',
  });
  const zai = stack.vendors.journal.filter((one) => one.vendor === 'zai');
  assert.deepEqual(zai, []);
});

test('no key is in the database’s files, in the bus’s, or in a log at its most talkative', async () => {
  const ivy = stack.bus.person('ivy');
  const secret = 'sk-ant-of-ivy-PLAINTEXT-4242';
  await stack.save(ivy, { keys: [secret] });
  const refused = 'bad-key-of-ivy-PLAINTEXT-4343';
  await assert.rejects(stack.save(ivy, { provider: 'openai', keys: [refused] }));
  await waitFor(async () => (await stack.keySeenFor(ivy, haiku)).seen === '4242', patience);
  // The control: what is stored in the open is found by the same search.
  const { db, close } = stack.openStore();
  await db.asUser({ userId: 'ivy' }, (tx) =>
    tx.updateTable('vendor_credential').set({ message: 'a control of-ivy-yes' }).execute(),
  );
  await close();
  await waitFor(async () => (await stack.filesWith('a control of-ivy-yes')).length > 0, patience);
  for (const part of ['of-ivy-PLAINTEXT', Buffer.from(secret).toString('base64').slice(0, 24)]) {
    assert.deepEqual(await stack.filesWith(part), []);
    assert.equal(stack.log().includes(part), false);
  }
  assert.ok(stack.log().length > 0);
});

test('without PostgreSQL known keys go on serving, and unknown ones give way to the installation’s', async () => {
  const [ann, new1] = [stack.bus.person('ann'), stack.bus.person('newcomer')];
  await stack.save(ann, { provider: 'openai', keys: ['sk-openai-of-ann-3'] });
  // Both replicas have to know them before it goes away.
  await untilSeen(ann, gpt, 'nn-3');
  await stack.stopDatabase();
  for (const _ of rounds) assert.equal((await stack.keySeenFor(ann, gpt)).seen, 'nn-3');
  assert.equal((await stack.keySeenFor(new1, gpt)).seen, '-key');
  await waitFor(() => stack.log().includes('own keys can not be read now'), patience);
  await assert.rejects(stack.save(ann, { keys: ['sk-ant-of-ann-4444'] }), {
    code: 'service_unavailable',
  });
  await stack.startDatabase();
  await waitFor(async () => (await stack.list(ann)).credentials.length === 2, patience);
});
