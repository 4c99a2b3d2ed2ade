import type { RoutingRule } from '@mosaic/proto';
import { readTaskModel } from '@mosaic/router/adapters/read-task-model';
import { chooseRoute, type RoutingWorld } from '@mosaic/router/app/choose-route';
import { defaultRules } from '@mosaic/router/app/default-rules';
import { orderRules } from '@mosaic/router/app/rules/order-rules';
import { percentileRow, tableHead } from './percentiles.ts';
import { cards } from './routing/example-world.ts';

const prompts = [
  'What is the capital of Australia?',
  'Implement a Python class for an LRU cache with TTL, thread safety and unit tests.',
  'Summarize this in one sentence: the council met on Tuesday and agreed on a budget.',
  '总结一下这篇文章:会议在周二举行。',
];

/** Rules that nothing applies to, so that all of them are asked. */
const idleRules = (count: number): RoutingRule[] =>
  Array.from({ length: count }, (_, index) => ({
    name: `rule-${index}`,
    description: '',
    scope: 'user',
    priority: index,
    enabled: true,
    when: [
      { field: 'text', op: 'contains', value: `project ${index}` },
      { field: 'taskType', op: 'is', value: 'coding' },
      { field: 'promptTokens', op: 'at-least', value: index },
    ],
    then: { model: 'glm-5', fallbacks: ['gpt-5.4'] },
  }));

const exemplars = (count: number) =>
  Array.from({ length: count }, (_, index) => ({
    id: `e${index}`,
    scope: 'user' as const,
    words: `Have a look at the page number ${index} of our house`,
    task: 'coding' as const,
    createdAt: '2026-11-25T00:00:00.000Z',
  }));

/** One process, one decision after the other: what many rules and exemplars add. */
export async function measureRules(): Promise<void> {
  const model = readTaskModel();
  const cases: readonly (readonly [string, Partial<RoutingWorld>])[] = [
    ['the default rules', {}],
    ['and 200 of one’s own', { rules: orderRules([...idleRules(200), ...defaultRules]) }],
    ['and 200 exemplars', { exemplars: exemplars(200) }],
  ];
  console.log(tableHead('µs'));
  for (const [name, more] of cases) {
    const world: RoutingWorld = { cards, rules: defaultRules, model, ...more };
    console.log(percentileRow(name, timed(world), 0));
  }
}

function timed(world: RoutingWorld): readonly number[] {
  const tookUs: number[] = [];
  for (let round = 0; round < 5_500; round += 1) {
    const text = `${prompts[round % prompts.length] ?? ''} ${round}`;
    const startedMs = performance.now();
    chooseRoute({ text, needs: { tools: false, vision: false }, contextTokens: 500 }, world);
    if (round >= 500) tookUs.push((performance.now() - startedMs) * 1_000);
  }
  return tookUs;
}
