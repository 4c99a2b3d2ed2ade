import assert from 'node:assert/strict';
import { it } from 'node:test';
import { type AnswerView, noUsage } from '@mosaic/proto';
import { amountsOf, choiceLabel, modelLabel, reasonOf } from '../src/routing/describe-answer.ts';
import { decisionFor } from './server/paced-turns.ts';

const decision = decisionFor(null);
const answer: AnswerView = {
  role: 'assistant',
  id: 'run',
  messageId: 'message',
  status: 'completed',
  agent: 'assistant',
  decision,
  blocks: [],
  provider: decision.provider,
  model: decision.model,
  rule: decision.rule,
  reason: 'Claude Sonnet 4.6: coding, moderate.',
  usage: {
    ...noUsage,
    inputTokens: 1_000,
    cacheReadTokens: 200,
    outputTokens: 30,
    reasoningTokens: 4,
  },
  cost: { usd: 0.0123, source: 'table' },
  totalMs: 65_000,
  firstTokenMs: 300,
  isSimulated: false,
  failure: null,
  warnings: [],
  restarts: 0,
};

it('counts cached input and reasoning, and says the time in minutes when it was long', () => {
  assert.deepEqual(amountsOf(answer), ['1 min 5 s', '1,200 in, 34 out', '$0.012']);
});

it('never shows an unknown cost as a number, nor an estimate as a count', () => {
  const usage = { ...noUsage, isEstimated: true };
  const unknown = { ...answer, usage, cost: { usd: null, source: 'unknown' } as const };
  assert.deepEqual(amountsOf(unknown), ['1 min 5 s', '≈ 0 in, 0 out', 'cost unknown']);
});

it('names the model that really answered, not the one that was chosen', () => {
  assert.equal(modelLabel(answer), 'Claude Sonnet 4.6');
  assert.equal(modelLabel({ ...answer, model: 'gpt-5.4' }), 'gpt-5.4');
});

it('does not name the model twice', () => {
  assert.equal(reasonOf(answer), 'coding, moderate.');
  assert.equal(reasonOf({ ...answer, reason: 'Other: words' }), 'Other: words');
});

it('says who chose when it was not a rule', () => {
  assert.equal(choiceLabel(decision), null);
  assert.equal(choiceLabel(decisionFor('openai/gpt-5.4')), 'pinned by you');
});
