import assert from 'node:assert/strict';
import { test } from 'node:test';
import {
  type AnswerView,
  type ConversationEvent,
  emptyView,
  foldEvent,
  makeId,
} from '@mosaic/proto';
import { commandFailureLines, failureLines } from '../../src/text/failure-lines.ts';
import { formatCost, formatTokens } from '../../src/text/format-amounts.ts';
import { neutraliseControls } from '../../src/text/neutralise-controls.ts';
import { routingLine, runningLine } from '../../src/text/routing-line.ts';
import { toolCard } from '../../src/text/tool-card.ts';
import { completed, exampleDecision, routed } from '../example-turns.ts';

function answered(change: Partial<AnswerView> = {}): AnswerView {
  const ids = { conversationId: makeId(), messageId: makeId(), run: 'run-1' };
  const view = [routed(ids), completed(ids, 'text')].reduce(
    (folded, body, index) =>
      foldEvent(folded, {
        ...body,
        conversationId: ids.conversationId,
        seq: index + 1,
        at: '2026-01-02T03:04:05.678Z',
      } as ConversationEvent),
    emptyView(ids.conversationId),
  );
  const answer = view.messages.at(-1);
  assert.ok(answer?.role === 'assistant');
  return { ...answer, ...change };
}

test('the routing line says model, rule, task, time, tokens and cost', () => {
  assert.equal(
    routingLine(answered()),
    'claude-opus-4-6 · code-complex: coding (0.91), complex · 1.2 s · 3.4k in / 612 out · $0.014',
  );
});

test('an unknown cost is never shown as zero', () => {
  const line = routingLine(answered({ cost: { usd: null, source: 'unknown' } }));
  assert.match(line, /· cost unknown$/);
  const none = routingLine(answered({ model: '', cost: { usd: null, source: 'unknown' } }));
  assert.doesNotMatch(none, /cost/);
});

test('who pinned a model and who asked for one with a message are told apart', () => {
  for (const [authority, words] of [
    ['pinned', 'pinned by you'],
    ['message', 'asked for by you'],
  ] as const) {
    const line = routingLine(answered({ decision: { ...exampleDecision, authority } }));
    assert.ok(line.startsWith(`claude-opus-4-6 · ${words} · `), line);
  }
});

test('a simulated answer says so first', () => {
  assert.match(routingLine(answered({ isSimulated: true })), /^SIMULATED · /);
});

test('an answer by another model than the one decided on names both', () => {
  const line = routingLine(answered({ model: 'gpt-5.4' }));
  assert.match(line, /^gpt-5\.4 · code-complex: .* \(instead of claude-opus-4-6\)/);
  const told = routingLine(answered({ model: 'gpt-5.4', reason: 'Opus was overloaded.' }));
  assert.match(told, /· fallback: Opus was overloaded · /);
  const { modelName } = exampleDecision;
  const reason = `gpt-5.4 answered instead of x/opus (overloaded). ${modelName}: as before. Next: y.`;
  const short = routingLine(answered({ model: 'gpt-5.4', reason }));
  assert.match(short, /^gpt-5\.4 · fallback: instead of x\/opus \(overloaded\) · 1\.2 s/);
});

test('the live line goes from routing to who answers and why', () => {
  assert.equal(runningLine(null), 'routing…');
  const line = runningLine(answered({ status: 'streaming' }));
  assert.equal(line, 'claude-opus-4-6 is answering (code-complex: coding (0.91), complex)…');
});

test('amounts are short and keep the figures that matter', () => {
  assert.deepEqual([612, 1_000, 3_400, 120_000, 2_500_000].map(formatTokens), [
    '612',
    '1k',
    '3.4k',
    '120k',
    '2.5M',
  ]);
  assert.deepEqual([0, 0.0142, 0.000031, 1.2].map(formatCost), [
    '$0',
    '$0.014',
    '$0.000031',
    '$1.20',
  ]);
});

test('control sequences of a model become visible instead of working', () => {
  const evil = '\x1b]0;title\x07\x1b[2J\x9b3J\x1b[31mred\r\u202eabc\ttab\nline';
  const safe = neutraliseControls(evil);
  assert.equal(safe, '␛]0;title␇␛[2J�3J␛[31mredabc\ttab\nline');
});

test('a tool call is one line however long its arguments and its result are', () => {
  const card = toolCard({
    type: 'tool',
    step: 0,
    callId: 'c',
    name: 'web.fetch',
    arguments: { url: `https://example.org/${'x'.repeat(500)}` },
    output: 'first\nsecond\x1b[2J',
    isError: false,
    durationMs: 120,
    approval: null,
  });
  assert.match(card, /^⚙ web\.fetch\(url: "https:.*…\) ✓ 120 ms · first second␛\[2J$/);
});

test('a failed answer says what to do, and a failed command does not speak of sending', () => {
  const failure = { code: 'provider_failed', message: 'The provider failed.', isRetryable: true };
  const lines = failureLines({ ...failure, code: 'provider_failed' });
  assert.equal(lines[0], '✗ The provider failed. (provider_failed)');
  assert.match(lines[1] ?? '', /Send the message again/);
  const missing = failureLines({ code: 'missing_key', message: 'No key.', isRetryable: false });
  assert.match(missing[1] ?? '', /mosaic providers set <name>/);
  const both = failureLines({
    ...failure,
    code: 'no_model_available',
    message: 'None:\na: x\nb: y',
  });
  assert.deepEqual(both.slice(0, 3), ['✗ None: (no_model_available)', '  a: x', '  b: y']);
  const spent = {
    code: 'budget_exceeded',
    message: 'Nothing is left.',
    isRetryable: false,
  } as const;
  assert.match(failureLines(spent)[1] ?? '', /cheaper or a local model with \/model/);
  assert.equal(commandFailureLines({ code: 'internal', message: 'Broken.' }).length, 1);
});
