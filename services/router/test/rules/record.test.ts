import assert from 'node:assert/strict';
import { test } from 'node:test';
import { type ModelCard, type RoutingRule, routeDecisionSchema } from '@mosaic/proto';
import { decision as oldRecord } from '@mosaic/test-kit/samples';
import { readTaskModel } from '../../src/adapters/read-task-model.ts';
import { expandName } from '../../src/app/choice/expand-name.ts';
import { chooseRoute, type RouteRequest, type RoutingWorld } from '../../src/app/choose-route.ts';
import { defaultRules } from '../../src/app/default-rules.ts';
import { orderRules } from '../../src/app/rules/order-rules.ts';
import { assertReadable } from '../../src/app/saving/check-rule.ts';
import { exampleCards } from './example-cards.ts';

const model = readTaskModel();
const book = {
  tiers: { cheap: ['claude-haiku-4-5', 'tier/local'], local: ['llama3.2'], round: ['tier/round'] },
  agents: [
    { name: 'assistant', model: null },
    { name: 'coder', model: 'tier/cheap' },
  ],
};

function route(
  text: string,
  own: readonly object[] = [],
  more: Partial<RouteRequest> & { readonly world?: Partial<RoutingWorld> } = {},
) {
  const { world, ...question } = more;
  const rules: readonly RoutingRule[] = orderRules([...own.map(assertReadable), ...defaultRules]);
  return chooseRoute(
    { text, needs: { tools: false, vision: false }, contextTokens: 50, ...question },
    { cards: exampleCards, rules, model, book, ...world },
  );
}

const without = (gone: string): readonly ModelCard[] =>
  exampleCards.map((card) =>
    card.model === gone
      ? { ...card, isAvailable: false, unavailableReason: 'its key is missing' }
      : card,
  );
const whoWrote = 'Who wrote Moby Dick?';

test('the sentence is made from the record: task, signs, rule, and who would be next', () => {
  const { reason } = route(
    'Debug this race condition in my Go worker pool, here is the stack trace:\npanic: send on closed channel',
  );
  assert.match(
    reason,
    /^Claude Opus 4\.6: coding \(0\.\d\d, .+ and .+\), complex\. Rule code-complex\. Next: gpt-5\.4\.$/,
  );
});

test('the sentence is at most 200 letters long, whatever the names are', () => {
  const cards = [{ ...exampleCards[0], name: 'N'.repeat(190) } as ModelCard];
  assert.ok(route(whoWrote, [], { world: { cards } }).reason.length <= 200);
});

test('the record tells every fact with its source, and what is known to nobody', () => {
  const { facts = [] } = route(whoWrote, [], {
    costTier: 'cheap',
    localTime: '09:30',
    world: { caller: { userId: 'mia', via: 'channel:irc' }, timeOfDay: '21:00' },
  });
  const told = Object.fromEntries(facts.map(({ fact, source, value }) => [fact, [value, source]]));
  assert.deepEqual(told['taskType'], ['simple_qa', 'classifier']);
  assert.deepEqual(told['channel'], ['irc', 'caller']);
  assert.deepEqual(told['user'], ['mia', 'caller']);
  assert.deepEqual(told['timeOfDay'], ['09:30', 'message']);
  assert.deepEqual(told['budgetLeft'], [null, 'nobody']);
});

test('each rule that was looked at has the condition that failed and what was there', () => {
  const { considered } = route(whoWrote);
  assert.deepEqual(considered[2], {
    rule: 'code-complex',
    scope: 'system',
    failed: 'taskType in coding (it is simple_qa)',
    condition: { field: 'taskType', op: 'in', value: ['coding'] },
    actual: 'simple_qa',
  });
  assert.deepEqual(considered.at(-1), { rule: 'simple', scope: 'system', failed: null });
});

test('candidates that were removed are told with the reason and who named them', () => {
  const { removed, skipped } = route(whoWrote, [], { world: { cards: without('glm-5') } });
  assert.deepEqual(skipped, []);
  assert.deepEqual(removed?.[0], {
    provider: 'zai',
    model: 'glm-5',
    why: 'its key is missing',
    namedBy: 'simple',
    fact: 'health',
  });
});

test('the record tells what the choice and the next best would cost', () => {
  const { expectedCostUsd, nextBest } = route(whoWrote);
  const tokens = 50 + Math.ceil(whoWrote.length / 4);
  assert.equal(expectedCostUsd, (tokens * 1 + 600 * 5) / 1e6);
  assert.deepEqual(nextBest, {
    provider: 'zai',
    model: 'glm-5',
    expectedCostUsd: (tokens * 3 + 600 * 15) / 1e6,
    expectedLatency: null,
  });
});

test('the record names the classifier’s file, and where the time went when it is counted', () => {
  assert.equal(route(whoWrote).modelFile, model.version);
  assert.equal(route(whoWrote).stagesUs, undefined);
  let us = 0;
  const { stagesUs } = route(whoWrote, [], { world: { nowUs: () => (us += 10) } });
  assert.deepEqual(stagesUs, { profile: 10, rules: 10, candidates: 10 });
});

test('records old and new are read by the same schema, and nothing gets lost', () => {
  assert.deepEqual(routeDecisionSchema.parse(oldRecord), oldRecord);
  const own = { name: 'own', when: { not: { any: [{ field: 'agent', op: 'is', value: 'x' }] } } };
  const record = {
    ...route(whoWrote, [{ ...own, then: { model: 'glm-5', params: { temperature: 0 } } }]),
    tookUs: 3,
  };
  assert.deepEqual(routeDecisionSchema.parse(JSON.parse(JSON.stringify(record))), record);
});

test('a tier gives its models in order, tiers within it too', () => {
  const own = { name: 'own', then: { tier: 'cheap', fallbacks: ['gpt-5.4'] } };
  const { alternatives, authority, model: chosen, rule } = route(whoWrote, [own]);
  assert.deepEqual([rule, authority, chosen], ['own', 'user-rule', 'claude-haiku-4-5']);
  assert.deepEqual(
    alternatives.slice(0, 2).map((one) => one.model),
    ['llama3.2', 'gpt-5.4'],
  );
});

test('a tier that leads back to itself, or is not there, is passed over', () => {
  assert.deepEqual(expandName('tier/round', book), []);
  const own = { name: 'own', then: { tier: 'gone', fallbacks: ['glm-5'] } };
  const { model: chosen, reason } = route(whoWrote, [own]);
  assert.equal(chosen, 'glm-5');
  assert.match(reason, /Passed over tier\/gone: there is no tier "gone"\./);
});

test('a rule that chooses an agent without a model lets the rules below choose it', () => {
  const own = [
    { name: 'helper', priority: 1, then: { agent: 'assistant', params: { effort: 'low' } } },
    { name: 'again', priority: 2, then: { agent: 'coder' } },
    {
      name: 'for-helper',
      priority: 3,
      when: [{ field: 'agent', op: 'is', value: 'assistant' }],
      then: { model: 'glm-5' },
    },
  ];
  const decision = route(whoWrote, own);
  assert.deepEqual(decision.agent, { name: 'assistant', rule: 'helper' });
  assert.deepEqual([decision.rule, decision.model], ['for-helper', 'glm-5']);
  assert.deepEqual(decision.params, { effort: 'low' });
  assert.match(decision.considered[1]?.failed ?? '', /"helper" has chosen the agent already/);
});

test('a rule that chooses an agent with a model takes that model', () => {
  const own = { name: 'to-coder', then: { agent: 'coder' } };
  const { agent, model: chosen, rule } = route(whoWrote, [own]);
  assert.deepEqual(agent, { name: 'coder', rule: 'to-coder' });
  assert.deepEqual([rule, chosen], ['to-coder', 'claude-haiku-4-5']);
});

test('a model that costs more than what is left is passed over', () => {
  const { model: chosen, reason } = route(
    'Implement a distributed rate limiter in Go with Redis',
    [],
    { budgetLeftUsd: 0.0001 },
  );
  assert.equal(chosen, 'llama3.2');
  assert.match(reason, /it costs about \$0\.\d+, and \$0\.0001 is left/);
});
