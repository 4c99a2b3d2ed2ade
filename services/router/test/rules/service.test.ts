import assert from 'node:assert/strict';
import { after, before, test } from 'node:test';
import {
  deleteRule,
  getRuleHistory,
  listRules,
  type MosaicError,
  putTier,
  reorderRules,
  updateRule,
} from '@mosaic/proto';
import type { SignedCaller } from '@mosaic/service-kit';
import { waitFor } from '@mosaic/test-kit';
import { type RulesStack, startRulesStack } from './rules-stack.ts';

let stack: RulesStack;
before(async () => {
  stack = await startRulesStack();
  // Two replicas: whichever answers, it must know what was saved through the other.
  await stack.startRouter();
  await stack.startRouter();
});
after(() => stack.stop());

const question = 'Who wrote Moby Dick?';
const mine = { name: 'mine', then: { model: 'gpt-5.4', fallbacks: ['glm-5'] } };
const codeOf = (work: Promise<unknown>) =>
  work.then(
    () => 'done',
    (thrown: MosaicError) => thrown.code,
  );

/** Resolves when this rule decides about the text, whichever replica is asked. */
const everywhere = (caller: SignedCaller, text: string, rule: string) =>
  waitFor(
    async () => (await stack.decideEverywhere(caller, text)).every((one) => one.rule === rule),
    { timeoutMs: 60_000, what: `the rule "${rule}" at every replica` },
  );

test('a saved rule decides at every replica, and for nobody else', async () => {
  const mia = stack.bus.person('mia');
  const bob = stack.bus.person('bob');
  assert.equal((await stack.decide(mia, question)).model, 'claude-haiku-4-5');
  await stack.add(mia, mine);
  await everywhere(mia, question, 'mine');
  const decision = await stack.decide(mia, question);
  assert.deepEqual([decision.model, decision.authority], ['gpt-5.4', 'user-rule']);
  assert.match(decision.policyVersion, /^rules-\d+\+/);
  assert.equal((await stack.decide(bob, question)).rule, 'simple');
});

test('nobody sees, changes, removes or reads the history of somebody else’s rule', async () => {
  const [mia, bob] = [stack.bus.person('mia-2'), stack.bus.person('bob-2')];
  const { gateway } = stack;
  const { id } = await stack.add(mia, mine);
  const seen = await gateway.call(listRules, {}, { caller: bob });
  assert.ok(seen.rules.every((rule) => rule.scope === 'system'));
  const asBob = { caller: bob };
  assert.equal(
    await codeOf(gateway.call(updateRule, { id, changes: { enabled: false } }, asBob)),
    'not_found',
  );
  assert.equal(await codeOf(gateway.call(deleteRule, { id }, asBob)), 'not_found');
  assert.equal(await codeOf(gateway.call(getRuleHistory, { id }, asBob)), 'not_found');
  assert.equal(await codeOf(gateway.call(reorderRules, { ids: [id] }, asBob)), 'bad_request');
  // An administrator has no way into a person's own rules either.
  const admin = { caller: stack.bus.person('root', 'admin') };
  assert.equal(await codeOf(gateway.call(deleteRule, { id }, admin)), 'not_found');
  const own = await gateway.call(listRules, {}, { caller: mia });
  assert.ok(own.rules.some((rule) => rule.id === id));
});

test('the system’s rules are for all to read and for administrators to change', async () => {
  const member = { caller: stack.bus.person('eve') };
  const admin = { caller: stack.bus.person('root', 'admin') };
  const { gateway } = stack;
  const { rules } = await gateway.call(listRules, {}, member);
  const vision = rules.find(({ name }) => name === 'vision');
  assert.ok(vision?.id);
  const { id } = vision;
  const change = { id, changes: { priority: 90 } };
  assert.equal(await codeOf(gateway.call(updateRule, change, member)), 'forbidden');
  assert.equal(await codeOf(gateway.call(deleteRule, { id }, member)), 'forbidden');
  assert.equal(
    await codeOf(stack.add(member.caller, { ...mine, name: 'all', scope: 'system' })),
    'forbidden',
  );
  const put = { name: 'cheap', models: ['glm-5'] };
  assert.equal(await codeOf(gateway.call(putTier, put, member)), 'forbidden');
  const saved = await gateway.call(updateRule, change, admin);
  assert.deepEqual([saved.rule.priority, saved.rule.updatedBy], [90, 'root']);
  const { tier } = await gateway.call(putTier, put, admin);
  assert.equal(tier.version, 2);
});

test('every change is kept: who, when, before and after', async () => {
  const caller = stack.bus.person('kim');
  const { id } = await stack.add(caller, mine);
  const { gateway } = stack;
  await gateway.call(updateRule, { id, version: 1, changes: { priority: 7 } }, { caller });
  await gateway.call(deleteRule, { id, version: 2 }, { caller });
  const { changes } = await gateway.call(getRuleHistory, { id }, { caller });
  assert.deepEqual(
    changes.map(({ action, after, before, by }) => [
      action,
      by,
      before?.['priority'],
      after?.['priority'],
    ]),
    [
      ['deleted', 'kim', 7, undefined],
      ['updated', 'kim', 100, 7],
      ['created', 'kim', undefined, 100],
    ],
  );
  assert.ok(changes.every(({ at }) => Math.abs(Date.parse(at) - Date.now()) < 60_000));
});

test('a save on top of another one is refused, and so are a taken name and a broken rule', async () => {
  const caller = stack.bus.person('lou');
  const { gateway } = stack;
  const { id } = await stack.add(caller, mine);
  await gateway.call(updateRule, { id, version: 1, changes: { enabled: false } }, { caller });
  const stale = { id, version: 1, changes: { enabled: true } };
  assert.equal(await codeOf(gateway.call(updateRule, stale, { caller })), 'conflict');
  assert.equal(await codeOf(stack.add(caller, mine)), 'conflict');
  await assert.rejects(
    stack.add(caller, {
      name: 'Bad Name',
      prioritty: 1,
      when: [{ field: 'taskTyp', op: 'is', value: 'coding' }],
      then: { model: 'gpt-5.4' },
    }),
    (thrown: MosaicError) => {
      assert.equal(thrown.code, 'bad_request');
      const details = thrown.details as { path: string; message: string }[];
      assert.deepEqual(
        details.map(({ path }) => path),
        ['prioritty', 'name', 'when.0.field'],
      );
      assert.match(details[2]?.message ?? '', /Did you mean "taskType"\?/);
      return true;
    },
  );
  await assert.rejects(stack.add(caller, { name: 'slip', then: { model: 'claude-opus-4-7' } }), {
    code: 'bad_request',
    message: /Did you mean "claude-opus-4-6"\?/,
  });
  const loop = { name: 'loop', models: ['tier/loop'] };
  const admin = { caller: stack.bus.person('root', 'admin') };
  assert.equal(await codeOf(gateway.call(putTier, loop, admin)), 'bad_request');
});

test('reordering deals the same priorities out again', async () => {
  const caller = stack.bus.person('zoe');
  const first = await stack.add(caller, { ...mine, name: 'first', priority: 10 });
  const second = await stack.add(caller, { ...mine, name: 'second', priority: 250 });
  const { gateway } = stack;
  const { rules } = await gateway.call(reorderRules, { ids: [second.id, first.id] }, { caller });
  assert.deepEqual(
    rules.map(({ name, priority, version }) => [name, priority, version]),
    [
      ['second', 10, 2],
      ['first', 250, 2],
    ],
  );
  const { rules: inOrder } = await stack.effective(caller);
  const names = inOrder.map(({ name }) => name);
  assert.ok(names.indexOf('second') < names.indexOf('vision'));
  assert.ok(names.indexOf('first') > names.indexOf('code-simple'));
});

test('the rules in force come with what is doubtful about them', async () => {
  const caller = stack.bus.person('ivy');
  await stack.add(caller, { name: 'one', priority: 1, then: { model: 'claude-opus-4-6' } });
  await stack.add(caller, { name: 'two', priority: 2, then: { agent: 'coder' } });
  const { findings, source } = await stack.effective(caller);
  assert.equal(source, 'database');
  assert.deepEqual(
    findings
      .filter(({ rule }) => ['one', 'two'].includes(rule))
      .map(({ code, level, rule }) => [rule, code, level]),
    [
      ['one', 'one-vendor', 'warning'],
      ['two', 'shadowed', 'warning'],
    ],
  );
});

test('a rule that chooses an agent names its model, and one that chooses a tier its models', async () => {
  const caller = stack.bus.person('ada');
  await stack.add(caller, {
    name: 'to-the-coder',
    priority: 1,
    when: { field: 'text', op: 'contains', value: 'please code' },
    then: { agent: 'coder', params: { effort: 'high' } },
  });
  await stack.add(caller, { name: 'rest', priority: 2, then: { tier: 'strong' } });
  await everywhere(caller, 'Please code something.', 'to-the-coder');
  const coded = await stack.decide(caller, 'Please code something.');
  assert.equal(coded.model, 'claude-opus-4-6');
  assert.deepEqual(coded.agent, { name: 'coder', rule: 'to-the-coder' });
  assert.deepEqual(coded.params, { effort: 'high' });
  await everywhere(caller, question, 'rest');
  const rest = await stack.decide(caller, question);
  assert.deepEqual([rest.rule, rest.model], ['rest', 'claude-opus-4-6']);
  assert.equal(rest.agent, undefined);
});

test('who only acts on a decision gets the same one without what it was made from', async () => {
  const caller = stack.bus.person('act');
  const whole = await stack.decide(caller, question);
  const brief = await stack.decide(caller, question, { isBrief: true });
  const { facts, inputs, stagesUs, considered, tookUs: _took, ...rest } = whole;
  assert.ok(facts && inputs && stagesUs && considered.length > 0);
  const { tookUs: _briefTook, ...got } = brief;
  assert.deepEqual(got, { ...rest, considered: [] });
});
