import assert from 'node:assert/strict';
import { test } from 'node:test';
import fc from 'fast-check';
import {
  answerText,
  type ConversationEvent,
  conversationEventSchema,
  emptyView,
  findGap,
  foldDelta,
  foldEvent,
  type LiveDelta,
  noUsage,
  turnsFromEvents,
} from '../src/index.ts';

const decision = {
  provider: 'anthropic',
  model: 'claude-haiku-4-5',
  modelName: 'Claude Haiku 4.5',
  rule: 'simple',
  authority: 'system-rule',
  reason: 'Claude Haiku 4.5: simple qa.',
  profile: {
    task: 'simple_qa',
    confidence: 0.9,
    complexity: 'simple',
    domain: 'general',
    language: 'en',
    needs: [],
    cues: [],
    promptTokens: 3,
  },
  alternatives: [],
  skipped: [],
  considered: [],
  expectedCostUsd: null,
  policyVersion: 'system-1',
  tookUs: 10,
} as const;

const messageId = '01940000-0000-7000-8000-000000000001';
const ending = {
  messageId,
  usage: noUsage,
  cost: { usd: 0.01, source: 'table' },
  timings: { firstTokenMs: 5, totalMs: 9 },
  isSimulated: false,
};
const completed = (run: string, text: string, step = 0) => ({
  type: 'turn.completed',
  run,
  step,
  text,
  ...ending,
  provider: 'anthropic',
  model: 'claude-haiku-4-5',
  rule: 'simple',
  reason: 'r',
  stop: { unified: 'stop', raw: 'end_turn' },
});

/** Numbers drafts as a log would. */
const log = (...drafts: readonly object[]): ConversationEvent[] =>
  drafts.map((draft, index) =>
    conversationEventSchema.parse({
      conversationId: 'c',
      seq: index + 1,
      at: '2026-11-24T00:00:00.000Z',
      ...draft,
    }),
  );

const opening = [
  { type: 'conversation.created', title: null, agent: 'assistant', model: null },
  { type: 'message.added', messageId, text: 'Who wrote Moby Dick?' },
  { type: 'turn.routed', run: 'r1', messageId, agent: 'assistant', decision },
];
const withTools = log(
  ...opening,
  {
    type: 'tool.called',
    run: 'r1',
    step: 0,
    callId: 'k',
    name: 'current_time',
    arguments: {},
    text: 'Let me look.',
  },
  {
    type: 'tool.finished',
    run: 'r1',
    step: 0,
    callId: 'k',
    name: 'current_time',
    output: 'noon',
    isError: false,
    durationMs: 3,
  },
  completed('r1', 'Herman Melville.', 1),
);
const foldAll = (events: readonly ConversationEvent[]) => events.reduce(foldEvent, emptyView('c'));

test('a whole turn with a tool is shown in reading order', () => {
  const view = foldAll(withTools);
  const answer = view.messages.at(-1);
  assert.ok(answer?.role === 'assistant');
  assert.deepEqual(
    answer.blocks.map((block) => block.type),
    ['text', 'tool', 'text'],
  );
  assert.equal(answerText(answer), 'Let me look.\n\nHerman Melville.');
  assert.equal(answer.status, 'completed');
});

test('history is real turns with roles, calls and results', () => {
  assert.deepEqual(
    turnsFromEvents(withTools).map((turn) => turn.role),
    ['user', 'assistant', 'tool', 'assistant'],
  );
});

test('the steps of a run that was restarted are not history', () => {
  const events = log(
    ...opening,
    { type: 'tool.called', run: 'r1', step: 0, callId: 'k', name: 't', arguments: {}, text: '' },
    { type: 'turn.restarted', run: 'r2', previousRun: 'r1', messageId, why: 'w' },
    { type: 'turn.routed', run: 'r2', messageId, agent: 'assistant', decision },
    completed('r2', 'Melville.'),
  );
  assert.deepEqual(
    turnsFromEvents(events).map((turn) => turn.role),
    ['user', 'assistant'],
  );
  const answers = foldAll(events).messages.filter((message) => message.role === 'assistant');
  assert.equal(answers.length, 1);
  assert.equal(answers[0]?.restarts, 1);
});

test('a turn that failed before it was routed is shown', () => {
  const failure = { code: 'no_model_available', message: 'm', isRetryable: true };
  const events = log(...opening.slice(0, 2), {
    type: 'turn.failed',
    run: 'r1',
    step: 0,
    text: '',
    ...ending,
    failure,
  });
  const answer = foldAll(events).messages.at(-1);
  assert.ok(answer?.role === 'assistant' && answer.status === 'failed' && answer.decision === null);
});

test('any duplication and reordering of deltas around the log shows the same answer', () => {
  const text = 'Herman Melville wrote it, 1851. 白鲸记。';
  const events = log(...opening, completed('r1', text));
  const expected = foldAll(events);
  const delta = (from: number, to: number): LiveDelta => ({
    conversationId: 'c',
    run: 'r1',
    step: 0,
    kind: 'text',
    offset: from,
    text: text.slice(from, to),
  });
  const cut = fc.tuple(fc.nat(text.length), fc.nat(text.length));
  fc.assert(
    fc.property(
      fc.array(cut, { maxLength: 30 }),
      fc.array(fc.nat(3), { maxLength: 12 }),
      (cuts, again) => {
        let view = events.slice(0, 3).reduce(foldEvent, emptyView('c'));
        for (const [left, right] of cuts) {
          view = foldDelta(view, delta(Math.min(left, right), Math.max(left, right)));
          const shown = view.messages.at(-1);
          assert.ok(shown?.role === 'assistant' && text.startsWith(answerText(shown)));
        }
        for (const index of again) view = foldEvent(view, events[index] ?? events[0] ?? never());
        for (const event of events) view = foldEvent(view, event);
        for (const [left] of cuts) view = foldDelta(view, delta(left, text.length));
        assert.deepEqual(view, expected);
      },
    ),
    { seed: 20_261_125 },
  );
});

test('a gap is found and nothing is applied over it', () => {
  const events = log(...opening, completed('r1', 'x'));
  const [first, , third] = events;
  assert.ok(first && third);
  const view = foldEvent(emptyView('c'), first);
  assert.equal(findGap(view, third), 1);
  assert.equal(foldEvent(view, third), view);
});

function never(): never {
  throw new Error('unreachable');
}
