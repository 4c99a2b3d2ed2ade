import assert from 'node:assert/strict';
import { after, before, test } from 'node:test';
import { launchMosaic, type RunningMosaic, waitFor } from '@mosaic/test-kit';
import { owner, type Person, signUp } from './person.ts';

let mosaic: RunningMosaic;
let admin: Person;
let ada: Person;
let adaId: string;
before(async () => {
  const env = {
    MOSAIC_USER_REQUESTS_PER_MINUTE: '1000',
    MOSAIC_USER_BUDGET_USD_PER_DAY: '5',
    MOSAIC_LIMIT_CONVERSATIONS: '12',
  };
  mosaic = await launchMosaic({ env });
  admin = owner(mosaic);
  ada = await signUp(mosaic, 'ada');
  adaId = (await ada.request('GET', '/api/me')).body.id;
});
after(() => mosaic.stop());

const setLimits = (limits: object) =>
  admin.request('PUT', `/api/admin/users/${adaId}/limits`, limits);
const atDoor = () =>
  ada.request('POST', '/v1/chat/completions', {
    model: 'anthropic/claude-haiku-4-5',
    messages: [{ role: 'user', content: 'What is the capital of Peru?' }],
  });

test('a person sees what was spent of the budget, as soon as it was', async () => {
  const id = await ada.open();
  const answer = await ada.say(id, 'What is the capital of Australia?');
  assert.equal(answer.status, 'completed');
  const today = await waitFor(async () => {
    const { body } = await ada.request('GET', '/api/usage/limits');
    assert.equal(body.limits.budgetUsdPerDay, 5);
    return body.today.reservedUsd === 0 && body.today.spentUsd > 0 ? body.today : undefined;
  });
  assert.ok(today.spentUsd >= answer.costUsd);
  assert.ok(Math.abs(today.leftUsd - (5 - today.spentUsd)) < 1e-9);
  assert.match(today.resetsAt, /T00:00:00\.000Z$/);
});

test('a spent budget leaves what costs nothing, and ends a request for a model at a door with 402', async () => {
  assert.equal((await setLimits({ budgetUsdPerDay: 0 })).status, 200);
  const text = 'What is the capital of Norway?';
  await waitFor(async () => {
    const { body } = await ada.request('POST', '/api/routing/explain', { text });
    return body.provider === 'ollama';
  });
  const local = await ada.say(await ada.open(), text);
  assert.deepEqual([local.status, local.provider], ['completed', 'ollama']);
  assert.match(local.reason, /it costs about \$0\.\d+, and \$0\.0000 is left/);
  const door = await atDoor();
  assert.equal(door.status, 402);
  assert.equal(door.body.error.code, 'budget_exceeded');
  assert.equal((await setLimits({ budgetUsdPerDay: null })).status, 200);
  assert.equal((await atDoor()).status, 200);
});

test('a full minute is 429 with Retry-After at a door, counted in the Redis of the stack', async () => {
  await setLimits({ requestsPerMinute: 1, budgetUsdPerDay: null });
  // A minute may end between two of them.
  const refused = await waitFor(async () => {
    const reply = await atDoor();
    return reply.status === 429 && reply;
  });
  const waitS = Number(refused.headers.get('retry-after'));
  assert.ok(waitS >= 1 && waitS <= 60, String(waitS));
  assert.match(refused.body.error.message, /limit of 1 request per minute/);
  assert.match(mosaic.output(), /"service":"providers".*"started"/, 'its log is seen here');
  assert.doesNotMatch(mosaic.output(), /counted per process/);
  const limits = await admin.request('DELETE', `/api/admin/users/${adaId}/limits`);
  assert.equal(limits.body.limits.requestsPerMinute, 1_000);
});

test('who has all the conversations they may keep begins no other, and goes on in those', async () => {
  const eve = await signUp(mosaic, 'eve');
  const id = '01890000-0000-7000-8000-000000000001';
  const first = await eve.open({ id });
  for (let count = 1; count < 12; count += 1) await eve.open();
  const more = await eve.request('POST', '/api/conversations', {});
  assert.deepEqual([more.status, more.body.error.code], [507, 'storage_full']);
  assert.match(more.body.error.message, /You have the 12 conversations .* Delete one/);
  const fork = await eve.request('POST', `/api/conversations/${first}/fork`, {});
  assert.equal(fork.body.error.code, 'storage_full');
  const again = await eve.request('POST', '/api/conversations', { id });
  assert.equal(again.status, 201, 'the same wish a second time is no other conversation');
  const answer = await eve.say(first, 'What is the capital of Chile?');
  assert.equal(answer.status, 'completed');
  const { body } = await eve.request('GET', '/api/storage');
  assert.deepEqual([body.full, body.limits.conversations], [['conversations'], 12]);
  const { body: all } = await admin.request('GET', '/api/admin/storage?limit=100');
  assert.ok(all.users.some((one: { conversations: number }) => one.conversations === 12));
  assert.doesNotMatch(JSON.stringify(all), /Chile/);
  await eve.request('DELETE', `/api/conversations/${first}`);
  assert.equal((await eve.request('POST', '/api/conversations', {})).status, 201);
});
