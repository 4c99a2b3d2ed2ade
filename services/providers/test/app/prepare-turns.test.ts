import assert from 'node:assert/strict';
import { test } from 'node:test';
import type { ModelRef, Turn } from '@mosaic/proto';
import { isSameModel, prepareTurns, rewriteCallId } from '../../src/app/prepare-turns.ts';

const target: ModelRef = { provider: 'anthropic', model: 'claude-sonnet-4-6' };
const rules = { callIdMaxLength: 64, needsAlternatingRoles: false };
const options = { target, rules, canSeeImages: false };

const user = (text: string): Turn => ({ role: 'user', content: [{ type: 'text', text }] });
const call = (id: string) => ({ type: 'tool-call' as const, id, name: 'clock', arguments: {} });
const result = (callId: string, output = 'noon'): Turn => ({
  role: 'tool',
  results: [{ callId, name: 'clock', output, isError: false }],
});

test('keeps a call id that every vendor takes, and rewrites the others the same way each time', () => {
  assert.equal(rewriteCallId('toolu_01-A', 40), 'toolu_01-A');
  const rewritten = rewriteCallId('functions.clock:0', 40);
  assert.match(rewritten, /^functions_clock_0_[0-9a-f]{8}$/);
  assert.equal(rewriteCallId('functions.clock:0', 40), rewritten);
  assert.notEqual(rewriteCallId('functions.clock_0', 40), rewritten);
  const long = `call_${'x'.repeat(100)}`;
  assert.equal(rewriteCallId(long, 40).length, 40);
});

test('rewrites a call and its result to one id', () => {
  const turns = prepareTurns(
    [
      user('time?'),
      { role: 'assistant', content: [call('functions.clock:0')] },
      result('functions.clock:0'),
    ],
    options,
  );
  const asked = turns[1]?.role === 'assistant' && turns[1].content[0];
  const answered = turns[2]?.role === 'tool' && turns[2].results[0];
  assert.ok(asked && asked.type === 'tool-call' && answered);
  assert.equal(answered.callId, asked.id);
  assert.equal(answered.output, 'noon');
});

test('answers orphan calls, drops results nobody asked for, and moves results behind their call', () => {
  const turns = prepareTurns(
    [
      result('never'),
      user('time?'),
      { role: 'assistant', content: [call('a'), call('b')] },
      user('hurry'),
      result('b', 'late'),
    ],
    options,
  );
  assert.deepEqual(
    turns.map((turn) => turn.role),
    ['user', 'assistant', 'tool', 'user'],
  );
  const results = turns[2]?.role === 'tool' ? turns[2].results : [];
  assert.deepEqual(
    results.map((one) => [one.callId, one.isError, one.output]),
    [
      ['a', true, 'The call was interrupted and has no result.'],
      ['b', false, 'late'],
    ],
  );
});

test('keeps results apart when a vendor uses one id in two turns', () => {
  const turns = prepareTurns(
    [
      user('1'),
      { role: 'assistant', content: [call('x')] },
      result('x', 'first'),
      { role: 'assistant', content: [call('x')] },
      result('x', 'second'),
    ],
    options,
  );
  const outputs = turns.flatMap((turn) =>
    turn.role === 'tool' ? turn.results.map((one) => one.output) : [],
  );
  assert.deepEqual(outputs, ['first', 'second']);
});

test('drops the reasoning of other models and keeps its own', () => {
  const said = (by: ModelRef): Turn => ({
    role: 'assistant',
    by,
    content: [
      { type: 'reasoning', text: 'hm', signature: 'sealed' },
      { type: 'text', text: 'yes' },
    ],
  });
  const partsOf = (by: ModelRef) => {
    const turn = prepareTurns([said(by)], options)[0];
    return turn?.role === 'assistant' ? turn.content.map((part) => part.type) : [];
  };
  assert.deepEqual(partsOf({ provider: 'openai', model: 'gpt-5.4' }), ['text']);
  assert.deepEqual(partsOf({ provider: 'anthropic', model: 'claude-opus-4-6' }), ['text']);
  assert.deepEqual(partsOf(target), ['reasoning', 'text']);
  const dated = { ...target, model: 'claude-sonnet-4-6-20260217' };
  assert.deepEqual(partsOf(dated), ['reasoning', 'text']);
});

test('removes halves of surrogate pairs everywhere and keeps whole ones', () => {
  const turns = prepareTurns(
    [
      user('a\ud83d b 👋'),
      { role: 'assistant', content: [{ ...call('c'), arguments: { q: ['x\udc00'] } }] },
      result('c', '\ud800ok'),
    ],
    options,
  );
  assert.ok(JSON.stringify(turns).includes('a b 👋'));
  assert.ok(!/\\ud[89a-f]/i.test(JSON.stringify(turns)));
});

test('puts a note in place of an image for a model that cannot see', () => {
  const turn: Turn = {
    role: 'user',
    content: [{ type: 'image', mediaType: 'image/png', base64: 'AAAA' }],
  };
  const blind = prepareTurns([turn], options)[0];
  assert.ok(JSON.stringify(blind).includes('cannot see'));
  assert.deepEqual(prepareTurns([turn], { ...options, canSeeImages: true }), [turn]);
});

test('merges turns of one role, drops empty ones and begins with the user where that is needed', () => {
  const turns = prepareTurns(
    [
      { role: 'assistant', content: [{ type: 'text', text: 'Welcome.' }] },
      user('one'),
      { role: 'assistant', content: [{ type: 'text', text: '  ' }] },
      user('two'),
    ],
    { ...options, rules: { ...rules, needsAlternatingRoles: true } },
  );
  assert.deepEqual(
    turns.map((turn) => turn.role),
    ['user', 'assistant', 'user'],
  );
  const last = turns[2]?.role === 'user' ? turns[2].content : [];
  assert.deepEqual(
    last.map((part) => part.type === 'text' && part.text),
    ['one', 'two'],
  );
});

test('knows a model by its name with and without a date', () => {
  assert.ok(isSameModel('gpt-5.4', 'gpt-5.4-2026-03-05'));
  assert.ok(isSameModel('claude-haiku-4-5-20251001', 'claude-haiku-4-5'));
  assert.ok(!isSameModel('gpt-5.4', 'gpt-5.4-mini'));
  assert.ok(!isSameModel('glm-5', 'glm-5.1'));
});
