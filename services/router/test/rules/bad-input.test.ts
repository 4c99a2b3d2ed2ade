import assert from 'node:assert/strict';
import { test } from 'node:test';
import { type RoutingRule, routeDecisionSchema } from '@mosaic/proto';
import { readTaskModel } from '../../src/adapters/read-task-model.ts';
import { chooseRoute } from '../../src/app/choose-route.ts';
import { defaultRules, defaultTiers } from '../../src/app/default-rules.ts';
import { lintRules } from '../../src/app/lint/lint-rules.ts';
import { canonicalDecision, replayDecision } from '../../src/app/replay/replay-decision.ts';
import { orderRules } from '../../src/app/rules/order-rules.ts';
import { readRule } from '../../src/app/rules/read-rule.ts';
import { assertReadable } from '../../src/app/saving/check-rule.ts';
import { exampleCards } from './example-cards.ts';

const model = readTaskModel();
const roomy = exampleCards.map((card) => ({ ...card, contextTokens: 4_000_000 }));

function route(text: string, own: readonly object[] = []) {
  const rules: readonly RoutingRule[] = orderRules([...own.map(assertReadable), ...defaultRules]);
  const needs = { tools: false, vision: false };
  return chooseRoute({ text, needs, contextTokens: 0 }, { cards: roomy, rules, model });
}

/** No letters at all, halves of letters, and everything that a byte can be. */
const binary = Array.from({ length: 20_000 }, (_, index) =>
  String.fromCharCode((index * 7_919) % 65_536),
).join('');

const odd: readonly (readonly [string, string])[] = [
  ['nothing', ''],
  ['spaces', ' \n\t '],
  ['zeros', '\0'.repeat(5_000)],
  ['binary', binary],
  ['a megabyte of one letter', 'a'.repeat(1_000_000)],
  ['a megabyte of words', 'please fix the code and '.repeat(42_000)],
  ['a megabyte without a line end that looks like code', 'function (a) { return '.repeat(46_000)],
  ['a megabyte of open brackets', '[({<'.repeat(250_000)],
];

for (const [what, text] of odd) {
  test(`${what} gets a decision that can be stored, read and made again`, () => {
    const decision = route(text, [
      {
        name: 'slow',
        when: { field: 'text', op: 'matches', value: '(a+)+$' },
        then: { only: 'local' },
      },
      {
        name: 'words',
        when: { field: 'text', op: 'contains', value: 'no such' },
        then: { tier: 'cheap' },
      },
    ]);
    assert.ok(decision.reason.length <= 200);
    const stored = JSON.stringify({ ...decision, tookUs: 1 });
    assert.ok(stored.length < 20_000, `${stored.length} characters`);
    const read = routeDecisionSchema.parse(JSON.parse(stored));
    const again = replayDecision(read, { text, model });
    assert.ok(again && canonicalDecision(again) === canonicalDecision(read));
  });
}

test('a text without any sign goes to the default tier', () => {
  for (const text of ['', ' \n\t ', '\0'.repeat(5_000)]) {
    assert.equal(route(text).rule, 'conversation');
  }
});

const world = { tiers: defaultTiers, agents: undefined, cards: roomy };

test('rules that contradict themselves are refused, those that contradict each other are told', () => {
  const never = assertReadable({
    name: 'never',
    when: [
      { field: 'taskType', op: 'is', value: 'coding' },
      { not: { field: 'taskType', op: 'in', value: ['coding', 'math'] } },
    ],
    then: { model: 'glm-5', fallbacks: ['gpt-5.4'] },
  });
  const [first] = lintRules([never], world);
  assert.deepEqual([first?.level, first?.code], ['error', 'contradiction']);
  const here = { field: 'taskType', op: 'is', value: 'coding' };
  const then = { model: 'glm-5', fallbacks: ['gpt-5.4'] };
  const one = assertReadable({ name: 'one', priority: 1, when: here, then });
  const other = assertReadable({
    name: 'other',
    priority: 2,
    when: here,
    then: { tier: 'strong' },
  });
  const [shadow] = lintRules([one, other], world);
  assert.match(
    shadow?.sentence ?? '',
    /"other" is never reached: "one" takes all its messages first/,
  );
});

test('a pattern that is too much for any text is refused with the reason', () => {
  const when = { field: 'text', op: 'matches', value: '((a{1,30}){1,30}){1,30}' };
  const { problems } = readRule({ name: 'huge', when, then: { tier: 'cheap' } });
  assert.match(problems[0]?.message ?? '', /^The pattern can't be used: /);
});

test('two hundred rules are judged and decide, and the record stays small', () => {
  const many = Array.from({ length: 200 }, (_, index) => ({
    name: `rule-${index}`,
    priority: index,
    when: [
      { field: 'text', op: 'contains', value: `project ${index};` },
      {
        any: [
          { field: 'agent', op: 'is', value: 'x' },
          { field: 'taskType', op: 'is', value: 'math' },
        ],
      },
      { field: 'promptTokens', op: 'at-least', value: index },
    ],
    then: { model: 'glm-5', fallbacks: ['gpt-5.4'] },
  }));
  const text = `Calculate 2 + 2 for project 199; ${'It has many words. '.repeat(60)}`;
  const decision = route(text, many);
  assert.ok(decision.considered.length >= 200);
  assert.deepEqual([decision.rule, decision.model], ['rule-199', 'glm-5']);
  assert.ok(JSON.stringify(decision).length < 150_000);
  assert.deepEqual(lintRules(many.map(assertReadable), world), []);
});
