import assert from 'node:assert/strict';
import { test } from 'node:test';
import { defaultRules } from '../../src/app/default-rules.ts';
import { readRule } from '../../src/app/rules/read-rule.ts';

const good = { name: 'mine', then: { model: 'gpt-5.4' } };
const condition = (more: object) => ({ ...good, when: [more] });

test('what a rule does not say has the documented defaults', () => {
  assert.deepEqual(readRule(good).rule, {
    name: 'mine',
    description: '',
    scope: 'user',
    priority: 100,
    enabled: true,
    when: [],
    then: { model: 'gpt-5.4', fallbacks: [] },
  });
});

test('a plain list means all, and one condition or group may stand alone', () => {
  const leaf = { field: 'taskType', op: 'is', value: 'coding' };
  assert.deepEqual(readRule({ ...good, when: leaf }).rule?.when, [leaf]);
  const group = { any: [leaf, { not: leaf }] };
  assert.deepEqual(readRule({ ...good, when: group }).rule?.when, [group]);
  assert.deepEqual(readRule({ ...good, when: [leaf, group] }).rule?.when, [leaf, group]);
});

test('the default rules are read as they are', () => {
  for (const rule of defaultRules) assert.deepEqual(readRule(rule).rule, rule);
});

const leaf = { field: 'taskType', op: 'is', value: 'coding' };
const nested = (depth: number): object => (depth === 0 ? leaf : { not: nested(depth - 1) });

const refusals: readonly (readonly [string, unknown, string, RegExp])[] = [
  ['a field of a rule', { ...good, prioritty: 1 }, 'prioritty', /Did you mean "priority"\?/],
  [
    'a field of then',
    { ...good, then: { model: 'x', modell: 'y' } },
    'then.modell',
    /Did you mean "model"\?/,
  ],
  [
    'a param',
    { ...good, then: { model: 'x', params: { efort: 'low' } } },
    'then.params.efort',
    /"effort"/,
  ],
  [
    'a param’s value',
    { ...good, then: { model: 'x', params: { effort: 'max' } } },
    'then.params.effort',
    /low/,
  ],
  ['a condition’s field', condition({ ...leaf, field: 'tasktype' }), 'when.0.field', /"taskType"/],
  ['a field beside', condition({ ...leaf, valeu: 1 }), 'when.0.valeu', /Did you mean "value"\?/],
  ['an operator', condition({ ...leaf, op: 'iss' }), 'when.0.op', /Did you mean "is"\?/],
  ['a foreign operator', condition({ ...leaf, op: '==' }), 'when.0.op', /Did you mean "is"\?/],
  [
    'an operator that does not fit',
    condition({ ...leaf, op: 'at-least' }),
    'when.0.op',
    /only: is, is-not, in, not-in/,
  ],
  [
    'a task type',
    condition({ ...leaf, value: 'codding' }),
    'when.0.value',
    /no task type "codding"\. Did you mean "coding"\?/,
  ],
  [
    'a task type in a list',
    condition({ ...leaf, op: 'in', value: ['math', 'chatt'] }),
    'when.0.value.1',
    /"chat"/,
  ],
  [
    'a number as text',
    condition({ field: 'promptTokens', op: 'at-least', value: '9' }),
    'when.0.value',
    /a number/,
  ],
  [
    'half a time',
    condition({ field: 'timeOfDay', op: 'between', value: ['8:00', '25:00'] }),
    'when.0.value',
    /two different times/,
  ],
  [
    'a pattern',
    condition({ field: 'text', op: 'matches', value: '(?<=a)b' }),
    'when.0.value',
    /can't be used/,
  ],
  ['an empty group', condition({ any: [] }), 'when.0.any', /at least one/],
  [
    'two groups in one',
    condition({ any: [leaf], all: [leaf] }),
    'when.0',
    /exactly one of all, any and not/,
  ],
  ['deep nesting', condition(nested(6)), 'when.0.not.not.not.not', /at most 4 deep/],
  ['many conditions', { ...good, when: Array(41).fill(leaf) }, 'when', /at most 40 conditions/],
  [
    'no target',
    { ...good, then: {} },
    'then',
    /exactly one of model, tier, agent, agentFor and only; this one has none/,
  ],
  ['two targets', { ...good, then: { model: 'x', tier: 'cheap' } }, 'then', /model and tier/],
  ['a name', { ...good, name: 'My Rule' }, 'name', /small letters/],
  ['no object', 'hello', '', /a rule is an object/],
  [
    'a letter that can not be kept',
    { ...good, description: 'a\0b' },
    'description',
    /can not be kept/,
  ],
];

for (const [what, draft, path, sentence] of refusals) {
  test(`${what} that is wrong is refused at its place`, () => {
    const { problems, rule } = readRule(draft);
    assert.equal(rule, undefined);
    assert.deepEqual(
      problems.map((one) => one.path),
      [path],
      JSON.stringify(problems),
    );
    assert.match(problems[0]?.message ?? '', sentence);
  });
}

test('what is far too much is refused before it is read', () => {
  const pattern = { field: 'text', op: 'matches', value: '(?:[ab]{1,30}){1,30}' };
  const many = Array(10_000).fill(pattern);
  const wide = { any: Array(200).fill({ all: Array(200).fill(leaf) }) };
  for (const when of [many, wide]) {
    const { problems } = readRule({ ...good, when });
    assert.deepEqual(
      problems.map(({ path }) => path),
      ['when'],
    );
  }
  const six = readRule({ ...good, when: Array(6).fill({ ...pattern, value: 'a' }) });
  assert.match(six.problems[0]?.message ?? '', /at most 5 patterns/);
});

test('four groups within each other are read', () => {
  assert.ok(readRule(condition(nested(4))).rule);
});

test('all problems come at once', () => {
  const { problems } = readRule({
    name: 'X',
    wen: [],
    priority: -1,
    when: [{ ...leaf, op: 'eq' }, { all: [{ ...leaf, value: 'none' }] }],
    then: { model: 'x', agent: 'y' },
  });
  assert.deepEqual(
    problems.map(({ path }) => path),
    ['wen', 'name', 'priority', 'when.0.op', 'when.1.all.0.value', 'then'],
  );
});
