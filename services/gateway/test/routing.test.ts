import assert from 'node:assert/strict';
import { after, before, test } from 'node:test';
import {
  createRule,
  deleteRule,
  getEffectiveRules,
  getRuleHistory,
  lintRules,
  MosaicError,
  putTier,
  type RequestOf,
  type RuleFinding,
  reorderRules,
  replayRules,
  type StoredRule,
  updateRule,
} from '@mosaic/proto';
import { type GatewayRig, startGateway, type TestPerson } from './gateway-rig.ts';

let rig: GatewayRig;
let ada: TestPerson;
let bob: TestPerson;
/** What the router was asked, with whose name on it. */
const asked: { readonly by: string; readonly role: string; readonly request: unknown }[] = [];

const stored = (id: string, version: number): StoredRule => ({
  ...{ id, version, name: 'mine', description: '', scope: 'user', priority: 100, enabled: true },
  ...{ when: [], then: { model: 'gpt-5.4', fallbacks: [] } },
  ...{ updatedAt: '2026-11-25T10:00:00.000Z', updatedBy: 'ada' },
});
const finding: RuleFinding = {
  level: 'warning',
  code: 'one-vendor',
  rule: 'mine',
  sentence: 'Only one vendor.',
};

before(async () => {
  rig = await startGateway();
  // The first account is the administrator.
  ada = await rig.signUp('ada');
  bob = await rig.signUp('bob');
  const router = await rig.bus.connect('router');
  const note = (request: unknown, caller: { userId: string; role: string }) =>
    asked.push({ by: caller.userId, role: caller.role, request });
  router.handle(createRule, async (request, { caller }) => {
    note(request, caller);
    if (request.rule['name'] === 'bad') {
      const details = [
        { path: 'when.0.field', message: 'There is no field.' },
        { path: 'then', message: 'Choose one.' },
      ];
      throw new MosaicError('bad_request', 'when.0.field: There is no field.', { details });
    }
    return { rule: stored('r1', 1), findings: [finding] };
  });
  router.handle(updateRule, async (request, { caller }) => {
    note(request, caller);
    if (request.version === 1) throw new MosaicError('conflict');
    return { rule: stored(request.id, 3), findings: [] };
  });
  router.handle(deleteRule, async (request, { caller }) => {
    note(request, caller);
    if (request.id === 'other') throw new MosaicError('not_found');
    if (request.id === 'system') throw new MosaicError('forbidden');
    return { isDeleted: true };
  });
  router.handle(reorderRules, async (request, { caller }) => {
    note(request, caller);
    return { rules: request.ids.map((id) => stored(id, 2)) };
  });
  router.handle(getEffectiveRules, async () => ({
    rules: [stored('r1', 1)],
    tiers: [],
    source: 'database' as const,
    policyVersion: 'rules-1',
    findings: [finding],
  }));
  router.handle(lintRules, async () => ({ problems: [], findings: [finding] }));
  router.handle(getRuleHistory, async (request, { caller }) => {
    note(request, caller);
    return { changes: [] };
  });
  router.handle(putTier, async (request, { caller }) => {
    note(request, caller);
    return { tier: { name: request.name, models: request.models, version: 2 }, findings: [] };
  });
  router.handle(replayRules, async (request, { caller }) => {
    note(request, caller);
    const expectedCostUsd = { from: 0, to: 0, difference: 0 };
    return {
      messages: 0,
      isComplete: true,
      moved: [],
      expectedCostUsd,
      unknownCosts: 0,
      findings: [],
    };
  });
  await router.flush();
});
after(() => rig.stop());

const rules = '/api/routing/rules';

test('a rule is added as it was written, in the name of who wrote it', async () => {
  const draft = { name: 'mine', scope: 'system', then: { model: 'gpt-5.4' } };
  const { body, headers, status } = await bob.ask('POST', rules, draft);
  assert.equal(status, 201);
  assert.deepEqual([body.id, body.version, body.findings], ['r1', 1, [finding]]);
  assert.equal(headers.get('etag'), '"1"');
  assert.deepEqual(asked.at(-1), { by: bob.id, role: 'member', request: { rule: draft } });
});

test('all problems of a rule come at once', async () => {
  const { body, status } = await bob.ask('POST', rules, { name: 'bad' });
  assert.equal(status, 400);
  assert.deepEqual(
    body.error.details.map((one: { path: string }) => one.path),
    ['when.0.field', 'then'],
  );
  assert.equal((await bob.ask('POST', rules, ['no', 'rule'])).status, 400);
});

const ofUpdate = () => asked.at(-1)?.request as RequestOf<typeof updateRule>;

test('the version that was seen comes in the body or in If-Match, and a stale one is a 409', async () => {
  const change = { priority: 5 };
  assert.equal((await bob.ask('PATCH', `${rules}/r1`, change)).status, 200);
  assert.deepEqual(ofUpdate(), { id: 'r1', changes: change });
  const saved = await bob.ask('PATCH', `${rules}/r1`, { ...change, version: 2 });
  assert.deepEqual(ofUpdate(), { id: 'r1', changes: change, version: 2 });
  assert.equal(saved.headers.get('etag'), '"3"');
  assert.equal((await bob.ask('PATCH', `${rules}/r1`, { ...change, version: 1 })).status, 409);
  const patch = (match: string) =>
    fetch(`${rig.url}${rules}/r1`, {
      method: 'PATCH',
      headers: {
        'content-type': 'application/json',
        authorization: `Bearer ${bob.token}`,
        'if-match': match,
      },
      body: JSON.stringify(change),
    });
  assert.equal((await patch('W/"7"')).status, 200);
  assert.equal(ofUpdate().version, 7);
  assert.equal((await patch('*')).status, 200);
  assert.equal(ofUpdate().version, undefined);
  assert.equal((await patch('"seven"')).status, 400);
});

test('what is not there is a 404, what is not theirs to change a 403', async () => {
  assert.equal((await bob.ask('DELETE', `${rules}/r1`)).status, 204);
  assert.equal((await bob.ask('DELETE', `${rules}/other`)).status, 404);
  assert.equal((await bob.ask('DELETE', `${rules}/system`)).status, 403);
  assert.equal((await bob.ask('DELETE', `${rules}/..%2f..`)).status, 404);
});

test('rules are put in order, judged, shown in force and with their history', async () => {
  const { body } = await bob.ask('POST', `${rules}/reorder`, { ids: ['b', 'a'] });
  assert.deepEqual(
    body.rules.map((rule: StoredRule) => rule.id),
    ['b', 'a'],
  );
  assert.equal((await bob.ask('POST', `${rules}/reorder`, { ids: [] })).status, 400);
  const effective = await bob.ask('GET', `${rules}/effective`);
  assert.deepEqual(effective.body.findings, [finding]);
  const linted = await bob.ask('POST', `${rules}/lint`, { rules: [{}] });
  assert.deepEqual(linted.body.findings, [finding]);
  assert.equal((await bob.ask('GET', `${rules}/r1/history`)).status, 200);
  assert.deepEqual(asked.at(-1)?.request, { id: 'r1' });
});

test('tiers are for administrators to change', async () => {
  const put = { models: ['gpt-5.4'], version: 1 };
  const refused = await bob.ask('PUT', '/api/routing/tiers/cheap', put);
  assert.equal(refused.status, 403);
  const { body, status } = await ada.ask('PUT', '/api/routing/tiers/cheap', put);
  assert.deepEqual([status, body.version], [200, 2]);
  assert.deepEqual(asked.at(-1), {
    by: ada.id,
    role: 'admin',
    request: { name: 'cheap', ...put },
  });
  assert.equal((await ada.ask('PUT', '/api/routing/tiers/Not%20one', put)).status, 404);
});

test('a replay is asked for in the name of who asks, within its bounds', async () => {
  const { status } = await bob.ask('POST', '/api/routing/replay', { rules: [], limit: 10 });
  assert.equal(status, 200);
  assert.equal(asked.at(-1)?.by, bob.id);
  assert.equal((await bob.ask('POST', '/api/routing/replay', { limit: 5_000 })).status, 400);
  assert.equal((await bob.ask('POST', '/api/routing/replay', { userId: ada.id })).status, 400);
});

test('nobody without an account gets anywhere', async () => {
  for (const path of [rules, `${rules}/effective`, '/api/routing/tiers']) {
    assert.equal((await fetch(`${rig.url}${path}`)).status, 401, path);
  }
});
