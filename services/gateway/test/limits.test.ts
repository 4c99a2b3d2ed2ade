import assert from 'node:assert/strict';
import { after, before, test } from 'node:test';
import {
  type Failure,
  type LimitsReport,
  type OwnLimits,
  putUserLimits,
  readLimits,
  readUserLimits,
  removeUserLimits,
  streamCompletion,
} from '@mosaic/proto';
import { type GatewayRig, startGateway, type TestPerson } from './gateway-rig.ts';

let rig: GatewayRig;
let ada: TestPerson;
let bob: TestPerson;
const decided = new Map<string, OwnLimits>();
before(async () => {
  rig = await startGateway();
  // The first to sign up is the administrator.
  ada = await rig.signUp('ada');
  bob = await rig.signUp('bob');
  const providers = await rig.bus.connect('providers');
  providers.handle(readLimits, async (_, { caller }) => reportOf(caller.userId));
  providers.handle(readUserLimits, async ({ userId }) => reportOf(userId));
  providers.handle(putUserLimits, async ({ limits, userId }) => {
    decided.set(userId, limits);
    return reportOf(userId);
  });
  providers.handle(removeUserLimits, async ({ userId }) => {
    decided.delete(userId);
    return reportOf(userId);
  });
  await providers.flush();
});
after(() => rig.stop());

function reportOf(userId: string): LimitsReport {
  const own = decided.get(userId) ?? null;
  return {
    userId,
    limits: {
      budgetUsdPerDay: own?.budgetUsdPerDay ?? 5,
      ...{ requestsPerMinute: null, tokensPerMinute: null },
    },
    own,
    today: {
      ...{ spentUsd: 1, reservedUsd: 0.5, leftUsd: 3.5, unknownCostCalls: 0 },
      resetsAt: '2026-11-26T00:00:00.000Z',
    },
  };
}

const failWith = (failure: Failure) =>
  rig.peers.completeWith(async function* () {
    yield streamCompletion.failedPart(failure, false);
  });

const tooMany: Failure = {
  code: 'rate_limited',
  message: 'You have reached your limit of 3 requests per minute. Try again in 13 s.',
  isRetryable: true,
  retryAfterMs: 12_100,
};
const spent: Failure = {
  code: 'budget_exceeded',
  message: "Of today's budget of $5.00, $0.00 is left.",
  isRetryable: false,
  retryAfterMs: 3_600_000,
};
const chat = { model: 'auto', messages: [{ role: 'user', content: 'hi' }] };
const message = { ...chat, max_tokens: 100 };

test('whoever is too quick gets 429 and the seconds to wait at every door, in the form it knows', async () => {
  failWith(tooMany);
  for (const stream of [false, true]) {
    const openAi = await bob.ask('POST', '/v1/chat/completions', { ...chat, stream });
    assert.equal(openAi.status, 429);
    assert.equal(openAi.headers.get('retry-after'), '13');
    assert.deepEqual(openAi.body.error, {
      message: tooMany.message,
      ...{ type: 'rate_limit_error', param: null, code: 'rate_limited' },
    });
    const anthropic = await bob.ask('POST', '/v1/messages', { ...message, stream });
    assert.equal(anthropic.status, 429);
    assert.equal(anthropic.headers.get('retry-after'), '13');
    assert.deepEqual(anthropic.body.error, { type: 'rate_limit_error', message: tooMany.message });
  }
});

test('whoever has spent the budget gets 402, which no program tries again by itself', async () => {
  failWith(spent);
  const openAi = await bob.ask('POST', '/v1/chat/completions', chat);
  assert.equal(openAi.status, 402);
  assert.equal(openAi.headers.get('retry-after'), null);
  assert.equal(openAi.body.error.type, 'insufficient_quota');
  assert.equal(openAi.body.error.code, 'budget_exceeded');
  assert.equal(openAi.body.error.message, spent.message);
  const anthropic = await bob.ask('POST', '/v1/messages', message);
  assert.equal(anthropic.status, 402);
  assert.deepEqual(anthropic.body.error, { type: 'billing_error', message: spent.message });
});

test('a person reads the own limits; administrators read, set and remove those of others', async () => {
  const own = await bob.ask('GET', '/api/usage/limits');
  assert.equal(own.status, 200);
  assert.equal(own.body.userId, bob.id);
  assert.deepEqual(own.body.today, reportOf(bob.id).today);
  const path = `/api/admin/users/${bob.id}/limits`;
  assert.equal((await ada.ask('GET', path)).body.userId, bob.id);
  const wish = { budgetUsdPerDay: 20, requestsPerMinute: null };
  const set = await ada.ask('PUT', path, wish);
  assert.equal(set.status, 200);
  assert.deepEqual(set.body.own, wish);
  assert.equal((await bob.ask('GET', '/api/usage/limits')).body.limits.budgetUsdPerDay, 20);
  assert.equal((await ada.ask('DELETE', path)).body.own, null);
});

test('members change nothing, not even their own limits', async () => {
  for (const method of ['GET', 'PUT', 'DELETE']) {
    const body = method === 'PUT' ? { budgetUsdPerDay: null } : undefined;
    const answer = await bob.ask(method, `/api/admin/users/${bob.id}/limits`, body);
    assert.equal(answer.status, 403, method);
  }
  assert.equal(decided.has(bob.id), false);
});

test('limits of nobody, and limits that are none, are refused', async () => {
  assert.equal((await ada.ask('PUT', '/api/admin/users/nobody/limits', {})).status, 404);
  const path = `/api/admin/users/${bob.id}/limits`;
  for (const body of [
    { budgetUsdPerDay: -1 },
    { requestsPerMinute: 0 },
    { tokensPerMinute: 1.5 },
    { budgetUsd: 5 },
  ]) {
    assert.equal((await ada.ask('PUT', path, body)).status, 400, JSON.stringify(body));
  }
  assert.equal(decided.has(bob.id), false);
});
