import assert from 'node:assert/strict';
import { after, before, test } from 'node:test';
import { reservePort } from '@mosaic/embedded-servers';
import { deleteRule, type MosaicError, updateRule } from '@mosaic/proto';
import { waitFor } from '@mosaic/test-kit';
import { type RulesStack, startRulesStack } from './rules-stack.ts';

let stack: RulesStack;
before(async () => {
  stack = await startRulesStack();
});
after(() => stack.stop());

const question = 'Who wrote Moby Dick?';
const mine = { name: 'mine', then: { model: 'gpt-5.4', fallbacks: ['glm-5'] } };

/** A router with health pages, and what they say about being ready. */
async function startWithPages() {
  const port = await reservePort();
  const pages = { MOSAIC_HEALTH_PORT: String(port), MOSAIC_HEALTH_HOST: '127.0.0.1' };
  const router = await stack.startRouter(pages);
  const ready = async () => {
    const answer = await fetch(`http://127.0.0.1:${port}/readyz`);
    return { status: answer.status, body: (await answer.json()) as { details?: string[] } };
  };
  return { router, ready };
}

test('an operator’s change and removal of a default rule outlive a restart', async () => {
  const admin = { caller: stack.bus.person('root', 'admin') };
  const first = await stack.startRouter();
  const { rules } = await stack.effective(admin.caller);
  const named = (name: string) => rules.find((rule) => rule.name === name)?.id ?? '';
  const change = { id: named('summary'), changes: { then: { model: 'gpt-5.4' } } };
  await stack.gateway.call(updateRule, change, admin);
  await stack.gateway.call(deleteRule, { id: named('vision') }, admin);
  await first.stop();

  const second = await stack.startRouter();
  const after = await stack.effective(admin.caller);
  assert.equal(after.rules.find(({ name }) => name === 'summary')?.then.model, 'gpt-5.4');
  assert.ok(!after.rules.some(({ name }) => name === 'vision'));
  assert.equal(after.rules.length, rules.length - 1);
  await second.stop();
});

test('without PostgreSQL the last known rules go on, and say so; saving waits', async () => {
  const mia = stack.bus.person('mia');
  const { ready, router } = await startWithPages();
  await stack.add(mia, mine);
  assert.equal((await stack.decide(mia, question)).rule, 'mine');
  assert.equal((await ready()).body.details, undefined);
  await stack.stopDatabase();
  const last = await waitFor(
    async () => {
      const decision = await stack.decide(mia, question);
      return decision.policyVersion.includes('last-known') ? decision : undefined;
    },
    { timeoutMs: 60_000, what: 'a decision by the last known rules' },
  );
  assert.equal(last.rule, 'mine');
  const { body, status } = await ready();
  assert.equal(status, 200);
  assert.match(body.details?.[0] ?? '', /last known rules are in force/);
  assert.equal((await stack.effective(mia)).source, 'last-known');
  await assert.rejects(stack.add(mia, { ...mine, name: 'other' }), {
    code: 'service_unavailable',
  });
  // Somebody whose rules were never read is routed by the system's, and the decision says that too.
  const stranger = await stack.decide(stack.bus.person('new'), question);
  assert.match(stranger.policyVersion, /without-own/);

  await stack.startDatabase();
  await waitFor(async () => (await ready()).body.details === undefined, {
    timeoutMs: 60_000,
    what: 'the database to be found again',
  });
  await stack.add(mia, { ...mine, name: 'other', priority: 1 });
  assert.equal((await stack.decide(mia, question)).rule, 'other');
  await router.stop();
});

test('a router that starts without PostgreSQL routes by the built-in rules until it is there', async () => {
  const mia = stack.bus.person('mia');
  await stack.stopDatabase();
  const { ready, router } = await startWithPages();
  const decision = await stack.decide(mia, question);
  assert.equal(decision.rule, 'simple');
  assert.match(decision.policyVersion, /^built-in-1\+/);
  assert.match((await ready()).body.details?.[0] ?? '', /built-in rules are in force/);
  assert.equal(await codeOfSave(mia), 'service_unavailable');
  await stack.startDatabase();
  await waitFor(async () => (await stack.decide(mia, question)).rule === 'other', {
    timeoutMs: 60_000,
    what: 'her own rule again',
  });
  await router.stop();
});

test('a replica that missed the news finds the change by itself', async () => {
  const mia = stack.bus.person('mia');
  const router = await stack.startRouter();
  // A first question waits for the person's own rules no longer than a second.
  await waitFor(async () => (await stack.decide(mia, question)).rule === 'other', {
    timeoutMs: 60_000,
    what: 'her own rule',
  });
  await stack.saveSilently('mia', { ...mine, name: 'silent', priority: 0 });
  await waitFor(async () => (await stack.decide(mia, question)).rule === 'silent', {
    timeoutMs: 60_000,
    what: 'the rule that nobody told of',
  });
  await router.stop();
});

function codeOfSave(caller: ReturnType<RulesStack['bus']['person']>): Promise<string> {
  return stack.add(caller, { ...mine, name: 'late' }).then(
    () => 'saved',
    (thrown: MosaicError) => thrown.code,
  );
}
