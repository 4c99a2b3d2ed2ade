import assert from 'node:assert/strict';
import { test } from 'node:test';
import { type RoutingRule, routeDecisionSchema } from '@mosaic/proto';
import fc from 'fast-check';
import { readTaskModel } from '../../src/adapters/read-task-model.ts';
import { chooseRoute, type RouteRequest } from '../../src/app/choose-route.ts';
import { defaultRules } from '../../src/app/default-rules.ts';
import {
  canonicalDecision,
  differencesOf,
  replayDecision,
} from '../../src/app/replay/replay-decision.ts';
import { orderRules } from '../../src/app/rules/order-rules.ts';
import { exampleCards } from './example-cards.ts';
import { anyTree } from './rule-arbitraries.ts';

const model = readTaskModel();
const tiers = {
  cheap: ['claude-haiku-4-5', 'tier/local'],
  local: ['llama3.2'],
  strong: ['gpt-5.4'],
};
const agents = [
  { name: 'assistant', model: null, domains: ['general'], toolSets: ['web'] },
  { name: 'coder', model: 'tier/cheap', domains: ['backend'], toolSets: [] },
];

const texts = fc.constantFrom(
  'Who wrote Moby Dick?',
  'Debug this race condition in my Go worker pool',
  'hello there',
  'yes, please',
  'Summarize this article: The council met.',
  '总结一下这篇文章',
  '',
);
const params: fc.Arbitrary<NonNullable<RoutingRule['then']['params']>> = fc.constantFrom(
  {},
  { effort: 'low' },
  { maxOutputTokens: 9_000 },
);
const none: fc.Arbitrary<string[]> = fc.constant([]).map(() => []);
const targets: fc.Arbitrary<RoutingRule['then']> = fc.oneof(
  fc.record({
    model: fc.constantFrom('gpt-5.4', 'claude-opus-4.6', 'no-such-model', 'agent/coder'),
    fallbacks: fc.subarray(['glm-5', 'tier/local', 'tier/gone']),
    params: params,
  }),
  fc.record({ tier: fc.constantFrom('cheap', 'gone'), fallbacks: none }),
  fc.record({ agent: fc.constantFrom('assistant', 'coder'), fallbacks: none }),
  fc.record({ agentFor: fc.constant('domain' as const), fallbacks: none }),
  fc.record({ only: fc.constant('local' as const), fallbacks: none }),
);
const rules: fc.Arbitrary<RoutingRule[]> = fc.array(
  fc.record({
    name: fc.stringMatching(/^[a-z]{1,8}$/),
    description: fc.constant(''),
    scope: fc.constantFrom('user' as const, 'system' as const),
    priority: fc.nat(1_000),
    enabled: fc.boolean(),
    when: fc.array(anyTree, { maxLength: 3 }),
    then: targets,
  }),
  { maxLength: 8 },
);
const questions: fc.Arbitrary<RouteRequest> = fc.record(
  {
    text: texts,
    needs: fc.record({ tools: fc.boolean(), vision: fc.boolean(), json: fc.boolean() }),
    contextTokens: fc.constantFrom(0, 50, 150_000, 190_000),
    messageModel: fc.constantFrom('auto', 'glm-5', 'gpt-99'),
    pinnedModel: fc.constantFrom('claude-opus-4-6', 'ollama/llama3.2'),
    agent: fc.constantFrom({ name: 'assistant' }, { name: 'coder', model: 'glm-5' }),
    previous: fc.constant({ provider: 'anthropic' as const, model: 'claude-opus-4-6' }),
    cachedTokens: fc.constantFrom(0, 40),
    budgetLeftUsd: fc.constantFrom(0, 0.004, 3),
    localTime: fc.constantFrom('06:00', '23:10'),
    timeZone: fc.constant('Europe/Berlin'),
    costTier: fc.constant('cheap'),
    channel: fc.constant('irc'),
  },
  { requiredKeys: ['text', 'needs', 'contextTokens'] },
);
const availability = fc.subarray([...exampleCards], { minLength: 3 });

/** What the router knows besides the question, with more in it than any one decision looks at. */
const worldOf = (
  own: readonly RoutingRule[],
  available: readonly (typeof exampleCards)[number][],
) => ({
  model,
  rules: orderRules([...own, ...defaultRules]),
  book: { tiers, agents },
  policyVersion: 'rules-7',
  caller: { userId: 'mia', via: 'channel:irc' },
  timeOfDay: '21:05',
  budgetLeftUsd: 1.5,
  latencyOf: () => ({ firstTokenMs: 310, totalMs: 2_000, calls: 4 }),
  cards: exampleCards.map((card) =>
    available.includes(card)
      ? card
      : { ...card, isAvailable: false, unavailableReason: 'its key is missing' },
  ),
});

function decideOrNothing(question: RouteRequest, world: ReturnType<typeof worldOf>) {
  try {
    return chooseRoute(question, world);
  } catch {
    return undefined;
  }
}

test('any decision is made again from its stored record, byte for byte', () => {
  let decided = 0;
  fc.assert(
    fc.property(questions, rules, availability, (question, own, available) => {
      const record = decideOrNothing(question, worldOf(own, available));
      if (record === undefined) return;
      decided += 1;
      const stored = { ...record, tookUs: 12 };
      const read = routeDecisionSchema.parse(JSON.parse(JSON.stringify(stored)));
      const again = replayDecision(read, { text: question.text, model });
      assert.ok(again);
      assert.deepEqual(differencesOf(again, read), []);
      assert.equal(canonicalDecision(again), canonicalDecision(stored));
    }),
    { seed: 20_261_125, numRuns: 600 },
  );
  assert.ok(decided > 250, `${decided} of them could be decided`);
});

const ask = (text: string): RouteRequest => ({
  text,
  needs: { tools: false, vision: false },
  contextTokens: 50,
});
const whoWrote = 'Who wrote Moby Dick?';

test('a record that was tampered with does not replay, and the place is named', () => {
  const record = chooseRoute(ask(whoWrote), worldOf([], exampleCards));
  const again = replayDecision(record, { text: whoWrote, model });
  assert.ok(again);
  const forged = { ...record, model: 'claude-opus-4-6', expectedCostUsd: 0 };
  assert.deepEqual(differencesOf(again, forged).toSorted(), ['expectedCostUsd', 'model']);
  const reworded = replayDecision(record, { text: 'Write a poem about the sea.', model });
  assert.ok(reworded && differencesOf(reworded, record).includes('profile.task'));
});

test('without the classifier of that time its word is taken, and the rest is decided again', () => {
  const record = chooseRoute(ask(whoWrote), worldOf([], exampleCards));
  const other = { ...model, version: 'another-file' };
  const again = replayDecision(record, { text: whoWrote, model: other });
  assert.ok(again && canonicalDecision(again) === canonicalDecision(record));
});

test('an old record, which has no inputs, can not be decided again', () => {
  const { inputs: _inputs, ...old } = chooseRoute(ask(whoWrote), worldOf([], exampleCards));
  assert.equal(replayDecision(old, { text: whoWrote, model }), undefined);
});

test('a record stays small: rules that failed are kept with the condition that failed alone', () => {
  const many = Array.from({ length: 190 }, (_, index) => ({
    name: `rule-${index}`,
    description: 'd'.repeat(300),
    scope: 'user' as const,
    priority: index,
    enabled: true,
    when: [
      { field: 'taskType', op: 'is', value: 'math' } as const,
      { field: 'text', op: 'contains', value: 'x'.repeat(200) } as const,
    ],
    then: { model: 'glm-5', fallbacks: ['gpt-5.4'] },
  }));
  const record = chooseRoute(ask(whoWrote), worldOf(many, exampleCards));
  const bytes = JSON.stringify(record).length;
  assert.ok(record.inputs !== undefined && bytes < 120_000, `${bytes} bytes`);
  assert.ok(JSON.stringify(chooseRoute(ask(whoWrote), worldOf([], exampleCards))).length < 12_000);
});
