import type { RuleCondition, RuleTree } from '@mosaic/proto';
import fc from 'fast-check';
import type { RuleFacts } from '../../src/app/rules/facts.ts';
import { exampleFacts } from './example-facts.ts';

const tasks = fc.constantFrom('coding', 'chat', 'math');
const levels = fc.constantFrom('simple', 'moderate', 'complex');
const names = fc.constantFrom('mia', 'bob', 'assistant', 'coder');
const times = fc.constantFrom('00:00', '06:00', '12:00', '22:00');
const words = fc.constantFrom('hello', 'the', 'hello there', 'bye');

const conditions: fc.Arbitrary<RuleCondition> = fc.oneof(
  fc.record({
    field: fc.constant('taskType' as const),
    op: fc.constantFrom('is' as const, 'is-not' as const),
    value: tasks,
  }),
  fc.record({
    field: fc.constant('taskType' as const),
    op: fc.constantFrom('in' as const, 'not-in' as const),
    value: fc.array(tasks, { minLength: 1, maxLength: 2 }),
  }),
  fc.record({
    field: fc.constant('complexity' as const),
    op: fc.constantFrom('is' as const, 'at-least' as const, 'at-most' as const),
    value: levels,
  }),
  fc.record({
    field: fc.constantFrom('agent' as const, 'user' as const),
    op: fc.constantFrom('is' as const, 'is-not' as const),
    value: names,
  }),
  fc.record({
    field: fc.constant('needs' as const),
    op: fc.constant('contains' as const),
    value: fc.constantFrom('tools', 'vision'),
  }),
  fc.record({
    field: fc.constant('agentDomains' as const),
    op: fc.constant('contains' as const),
    value: fc.constantFrom('general', 'backend'),
  }),
  fc.record({
    field: fc.constantFrom('promptTokens' as const, 'budgetLeft' as const),
    op: fc.constantFrom('at-least' as const, 'at-most' as const),
    value: fc.constantFrom(0, 1, 100, 100_000),
  }),
  fc.record({
    field: fc.constant('text' as const),
    op: fc.constantFrom('contains' as const, 'matches' as const),
    value: words,
  }),
  fc
    .tuple(times, times)
    .filter(([from, until]) => from !== until)
    .map((value) => ({ field: 'timeOfDay', op: 'between', value }) as const),
);

/** Conditions and groups, three deep. */
export const anyTree: fc.Arbitrary<RuleTree> = fc.letrec<{ tree: RuleTree }>((tie) => ({
  tree: fc.oneof(
    { maxDepth: 3 },
    conditions,
    fc.record({ all: fc.array(tie('tree'), { maxLength: 3 }) }),
    fc.record({ any: fc.array(tie('tree'), { maxLength: 3 }) }),
    fc.record({ not: tie('tree') }),
  ),
})).tree;

const orNull = <Value>(values: fc.Arbitrary<Value>) => fc.option(values, { nil: null });

/** Facts of all kinds, some of them not known. */
export const anyFacts: fc.Arbitrary<RuleFacts> = fc
  .record({
    taskType: tasks,
    complexity: levels,
    agent: orNull(names),
    user: orNull(names),
    agentDomains: orNull(fc.subarray(['general', 'backend'])),
    needs: fc.subarray(['tools', 'vision']),
    promptTokens: fc.constantFrom(0, 1, 99, 100, 100_001),
    budgetLeft: orNull(fc.constantFrom(0, 0.5, 1, 100)),
    text: fc.constantFrom('Hello there', 'bye', ''),
    timeOfDay: fc.constantFrom('00:00', '05:59', '06:00', '12:00', '23:59'),
  })
  .map((some) => ({ ...exampleFacts, ...some }));
