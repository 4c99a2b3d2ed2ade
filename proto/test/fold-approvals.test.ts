import assert from 'node:assert/strict';
import { test } from 'node:test';
import {
  type ConversationEvent,
  conversationEventSchema,
  emptyView,
  foldEvent,
  waitingApprovals,
} from '../src/index.ts';

const messageId = '01940000-0000-7000-8000-000000000001';
const run = 'r1';
const call = { run, step: 0, name: 'shell', arguments: { command: 'ls' }, text: '' };
const ask = {
  type: 'approval.asked',
  run,
  step: 0,
  callId: 'k',
  tool: 'shell',
  arguments: { command: 'ls' },
  covers: 'shell',
  expiresAt: '2026-11-24T00:10:00.000Z',
};
const opening = [
  { type: 'conversation.created', title: null, agent: 'assistant', model: null },
  { type: 'message.added', messageId, text: 'List it.' },
];
const ending = {
  type: 'turn.cancelled',
  run,
  messageId,
  text: '',
  step: 1,
  usage: null,
  cost: { usd: null, source: 'unknown' },
  timings: { firstTokenMs: null, totalMs: 9 },
  isSimulated: false,
};
const decision = {
  provider: 'anthropic',
  model: 'm',
  modelName: 'M',
  rule: 'r',
  authority: 'system-rule',
  reason: 'r',
  profile: {
    task: 'simple_qa',
    confidence: 1,
    complexity: 'simple',
    domain: 'general',
    language: 'en',
    needs: [],
    cues: [],
    promptTokens: 1,
  },
  alternatives: [],
  skipped: [],
  considered: [],
  expectedCostUsd: null,
  policyVersion: 'p',
  tookUs: 1,
};
const routed = { type: 'turn.routed', run, messageId, agent: 'assistant', decision };
const called = [
  ...opening,
  routed,
  { type: 'tool.called', callId: 'j', ...call },
  { type: 'tool.called', callId: 'k', ...call },
  ask,
];

function fold(...drafts: readonly object[]) {
  const events = drafts.map(
    (draft, index): ConversationEvent =>
      conversationEventSchema.parse({
        conversationId: 'c',
        seq: index + 1,
        at: '2026-11-24T00:00:00.000Z',
        ...draft,
      }),
  );
  return events.reduce(foldEvent, emptyView('c'));
}

function approvalsIn(view: ReturnType<typeof fold>) {
  const answer = view.messages.at(-1);
  if (answer?.role !== 'assistant') return [];
  return answer.blocks.map((block) => (block.type === 'tool' ? block.approval?.state : undefined));
}

test('the call that waits is shown with what the answer would allow, and no other', () => {
  const view = fold(...called);
  assert.deepEqual(approvalsIn(view), [undefined, 'waiting']);
  const [block] = waitingApprovals(view);
  assert.equal(block?.callId, 'k');
  assert.equal(block?.approval?.covers, 'shell');
});

for (const answer of ['once', 'conversation', 'deny'] as const) {
  test(`an approval that was answered "${answer}" does not wait any more`, () => {
    const view = fold(...called, {
      type: 'approval.answered',
      run,
      callId: 'k',
      answer,
      by: 'mia',
    });
    assert.deepEqual(approvalsIn(view), [undefined, answer]);
    assert.deepEqual(waitingApprovals(view), []);
  });
}

test('an approval expires, and an answer that comes after changes nothing', () => {
  const late = { type: 'approval.answered', run, callId: 'k', answer: 'once', by: 'mia' };
  const view = fold(...called, { type: 'approval.expired', run, callId: 'k' }, late);
  assert.deepEqual(approvalsIn(view), [undefined, 'expired']);
});

test('a turn that ends takes its open question along', () => {
  assert.deepEqual(approvalsIn(fold(...called, ending)), [undefined, 'withdrawn']);
});

test('a turn that begins again shows no question of the run before', () => {
  const again = { type: 'turn.restarted', run: 'r2', previousRun: run, messageId, why: 'w' };
  const view = fold(...called, again, { type: 'approval.expired', run, callId: 'k' });
  assert.deepEqual(approvalsIn(view), []);
  assert.deepEqual(waitingApprovals(view), []);
});
