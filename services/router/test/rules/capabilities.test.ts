import assert from 'node:assert/strict';
import { test } from 'node:test';
import { routeDecisionSchema } from '@mosaic/proto';
import { readTaskModel } from '../../src/adapters/read-task-model.ts';
import { chooseRoute, type RouteRequest } from '../../src/app/choose-route.ts';
import { defaultRules } from '../../src/app/default-rules.ts';
import { lintRules } from '../../src/app/lint/lint-rules.ts';
import { differencesOf, replayDecision } from '../../src/app/replay/replay-decision.ts';
import { orderRules } from '../../src/app/rules/order-rules.ts';
import { readRule } from '../../src/app/rules/read-rule.ts';
import { assertReadable } from '../../src/app/saving/check-rule.ts';
import { exampleCards } from './example-cards.ts';

const model = readTaskModel();
const agents = [
  { name: 'mine', model: null, usesTools: true, domains: ['backend'], toolSets: ['files'] },
  { name: 'assistant', model: null, usesTools: false, domains: [], toolSets: ['web'] },
  { name: 'coding-agent', model: null, domains: ['frontend', 'backend'], toolSets: ['files'] },
];
const backend = 'Implement a REST endpoint with pagination for our API server';
const able = { name: 'who-is-able', priority: 1, then: { agentFor: 'domain' } };

function route(text: string, rules: readonly object[], question: Partial<RouteRequest> = {}) {
  const needs = { tools: false, vision: false };
  const decision = chooseRoute(
    { text, needs, contextTokens: 50, agent: { name: 'assistant' }, ...question },
    {
      cards: exampleCards,
      rules: orderRules([...rules.map(assertReadable), ...defaultRules]),
      model,
      book: { tiers: {}, agents },
    },
  );
  const stored = routeDecisionSchema.parse({ ...JSON.parse(JSON.stringify(decision)), tookUs: 1 });
  const again = replayDecision(stored, { text, model });
  assert.deepEqual(again && differencesOf(again, stored), [], 'its record makes it again');
  return decision;
}
const lint = (rule: object) =>
  lintRules([assertReadable(rule)], { agents, cards: [], tiers: [] }).map(
    ({ code, level, sentence }) => `${level} ${code}: ${sentence}`,
  );

test('a rule may ask what the agent is good at, and the record says what it says of itself', () => {
  const rule = {
    name: 'file-work',
    priority: 1,
    when: [
      { field: 'agentToolSets', op: 'contains', value: 'files' },
      { field: 'agentDomains', op: 'contains', value: 'backend' },
    ],
    then: { model: 'gpt-5.4' },
  };
  const fits = route('hello there', [rule], { agent: { name: 'mine' } });
  assert.deepEqual([fits.rule, fits.model], ['file-work', 'gpt-5.4']);
  const told = fits.facts?.filter(({ fact }) => fact.startsWith('agent'));
  assert.deepEqual(told, [
    { fact: 'agent', value: 'mine', source: 'message' },
    { fact: 'agentDomains', value: ['backend'], source: 'agent' },
    { fact: 'agentToolSets', value: ['files'], source: 'agent' },
  ]);
  const other = route('hello there', [rule]);
  assert.equal(other.considered[0]?.failed, 'agentToolSets contains files (it is web)');
});

test('where a rule asks for it the agent that has the message’s domain answers, one’s own first', () => {
  const decision = route(backend, [able]);
  assert.equal(decision.profile.domain, 'backend');
  assert.deepEqual(decision.agent, { name: 'mine', rule: 'who-is-able' });
  assert.match(decision.reason, /Agent mine\./);
  assert.ok(decision.inputs?.agents?.some(({ name }) => name === 'mine'));
  // Rules below are asked what the new agent is good at.
  const below = {
    name: 'below',
    priority: 2,
    when: { field: 'agentDomains', op: 'contains', value: 'backend' },
    then: { model: 'glm-5' },
  };
  assert.deepEqual(route(backend, [able, below]).rule, 'below');
  assert.equal(route(backend, []).agent, undefined, 'without such a rule nobody is chosen');
});

test('an agent that has the domain stays, and where nobody has it the next rule is asked', () => {
  const stays = route(backend, [able], { agent: { name: 'coding-agent' } });
  assert.equal(stays.agent, undefined);
  assert.match(stays.considered[0]?.failed ?? '', /coding-agent has the domain backend already/);
  const nobody = route('Tell me a story about a lighthouse', [able]);
  assert.equal(nobody.agent, undefined);
  assert.equal(nobody.considered[0]?.failed, 'no agent has the domain general');
});

test('the linter tells what no agent has, with what was probably meant', () => {
  const asks = (field: string, value: string) =>
    lint({ name: 'r', when: [{ field, op: 'contains', value }], then: { only: 'local' } });
  assert.deepEqual(asks('agentToolSets', 'fils'), [
    'warning unknown-capability: "r" asks for an agent with the tool set "fils", which none has. Did you mean "files"?',
  ]);
  assert.deepEqual(asks('agentDomains', 'docs'), [
    'warning unknown-capability: "r" asks for an agent with the domain "docs", which none has.',
  ]);
  assert.deepEqual(asks('agentToolSets', 'files'), []);
  const tiers = { tiers: [], cards: [], agents: [{ name: 'a', model: null }] };
  const [finding] = lintRules([assertReadable(able)], tiers);
  assert.equal(finding?.code, 'unknown-capability');
  const { problems } = readRule({ name: 'r', then: { agentFor: 'domian' } });
  assert.equal(problems[0]?.path, 'then.agentFor');
  const slip = readRule({
    name: 'r',
    when: { field: 'agentDomains', op: 'contains', value: 'bakend' },
    then: { model: 'x' },
  });
  assert.match(slip.problems[0]?.message ?? '', /Did you mean "backend"\?/);
});
