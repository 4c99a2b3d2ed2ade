import assert from 'node:assert/strict';
import { test } from 'node:test';
import type { ModelRef, Turn } from '@mosaic/proto';
import { rewriteCallId } from '../../src/app/history/pair-calls.ts';
import { replaceMedia } from '../../src/app/history/replace-media.ts';
import { isSameModel, prepareTurns } from '../../src/app/prepare-turns.ts';

const target: ModelRef = { provider: 'anthropic', model: 'claude-sonnet-4-6' };
const rules = { callIdMaxLength: 64, needsAlternatingRoles: false };
const options = { target, rules, knowsTools: true };

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
    const turn = prepareTurns([user('so?'), said(by)], options)[1];
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

const base64 = (text: string) => Buffer.from(text).toString('base64');
const file = (name: string, mediaType: string, content = 'a,b') => ({
  type: 'file' as const,
  name,
  mediaType,
  base64: base64(content),
});
const image = (mediaType: string) => ({ type: 'image' as const, mediaType, base64: 'AAAA' });

function replaced(
  content: Extract<Turn, { role: 'user' }>['content'],
  { sees = false, pdf = 'never' as 'never' | 'with-vision', others = [] as string[] } = {},
) {
  const card = { name: 'Model', capabilities: sees ? (['vision'] as const) : [] };
  const { turns, warnings } = replaceMedia([{ role: 'user', content }], {
    card: { ...card, capabilities: [...card.capabilities] },
    files: { pdf, others },
  });
  return { content: turns[0]?.role === 'user' ? turns[0].content : [], warnings };
}

test('puts a note in place of what a model cannot read, and says so', () => {
  const blind = replaced([
    image('image/png'),
    image('image/png'),
    file('a.pdf', 'application/pdf'),
  ]);
  assert.deepEqual(
    blind.content.map((part) => part.type === 'text' && part.text),
    [
      '[An image was here; this model cannot see images.]',
      '[An image was here; this model cannot see images.]',
      '[The file "a.pdf" was here; this model cannot read it.]',
    ],
  );
  assert.deepEqual(blind.warnings, [
    'Model cannot read images: it got a note instead (2×).',
    'Model cannot read files of the type application/pdf: it got a note instead (1×).',
  ]);
  const heic = replaced([image('image/heic')], { sees: true });
  assert.match(JSON.stringify(heic.content), /An image \(image\/heic\) was here/);
});

test('leaves what a model reads, and knows an image also as a file and under an odd type', () => {
  const pdf = file('a.pdf', 'application/pdf');
  const seen = replaced([pdf, image('IMAGE/JPG; q=1'), file('b.png', 'image/png')], {
    sees: true,
    pdf: 'with-vision',
  });
  assert.deepEqual(seen.content, [
    pdf,
    image('image/jpeg'),
    { type: 'image', mediaType: 'image/png', base64: base64('a,b') },
  ]);
  assert.deepEqual(seen.warnings, []);
});

test('writes out a text file for a vendor that takes none, without a loss to warn of', () => {
  const csv = file('t.csv', 'text/csv', 'größe,2');
  assert.deepEqual(replaced([csv]), {
    content: [{ type: 'text', text: 'File "t.csv":\n\ngröße,2' }],
    warnings: [],
  });
  assert.deepEqual(replaced([csv], { others: ['text/csv'] }).content, [csv]);
  const empty = replaced([file('e.json', 'application/json', ' ')], {
    others: ['application/json'],
  });
  assert.deepEqual(empty.content, [{ type: 'text', text: '[The file "e.json" is empty.]' }]);
});

test('gives every call an id of its own, also when one turn or two use an id twice', () => {
  const turns = prepareTurns(
    [
      user('1'),
      { role: 'assistant', content: [call('x'), call('x')] },
      { role: 'tool', results: [result('x', 'a'), result('x', 'b')].flatMap(resultsOf) },
      { role: 'assistant', content: [call('x')] },
      result('x', 'c'),
    ],
    options,
  );
  const calls = turns.flatMap((turn) => (turn.role === 'assistant' ? turn.content : []));
  const ids = calls.map((part) => part.type === 'tool-call' && part.id);
  assert.equal(new Set(ids).size, 3);
  assert.equal(ids[0], 'x');
  const answers = turns.flatMap(resultsOf);
  assert.deepEqual(
    answers.map((one) => [one.callId, one.output]),
    [
      [ids[0], 'a'],
      [ids[1], 'b'],
      [ids[2], 'c'],
    ],
  );
});

function resultsOf(turn: Turn) {
  return turn.role === 'tool' ? turn.results : [];
}

test('spells calls and results for a model that knows no tools', () => {
  const turns = prepareTurns(
    [user('time?'), { role: 'assistant', content: [call('a')] }, result('a')],
    { ...options, knowsTools: false },
  );
  assert.deepEqual(turns.slice(1), [
    { role: 'assistant', content: [{ type: 'text', text: '[Called clock with {}.]' }] },
    { role: 'user', content: [{ type: 'text', text: '[clock said: noon]' }] },
  ]);
});

test('never changes a sealed thought: one that must be cleaned is left out', () => {
  const said = (text: string): Turn => ({
    role: 'assistant',
    by: target,
    content: [
      { type: 'reasoning', text, signature: 'sealed' },
      { type: 'text', text: 'yes' },
    ],
  });
  const kept = prepareTurns([user('?'), said('hm'), user('!')], options)[1];
  assert.deepEqual(kept, said('hm'));
  const broken = prepareTurns([user('?'), said('hm\ud83d'), user('!')], options)[1];
  assert.deepEqual(broken?.role === 'assistant' && broken.content, [{ type: 'text', text: 'yes' }]);
});

test('says that an output is empty, and lets the user begin and end', () => {
  const turns = prepareTurns(
    [
      { role: 'assistant', content: [call('a')] },
      result('a', ' '),
      { role: 'assistant', content: [{ type: 'text', text: 'So.' }] },
    ],
    options,
  );
  assert.deepEqual(
    turns.map((turn) => turn.role),
    ['user', 'assistant', 'tool', 'assistant', 'user'],
  );
  assert.deepEqual(
    turns.flatMap(resultsOf).map((one) => one.output),
    ['(no output)'],
  );
  assert.deepEqual(
    prepareTurns([user(' ')], options).map((turn) => turn.role),
    ['user'],
  );
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
