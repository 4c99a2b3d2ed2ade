import assert from 'node:assert/strict';
import { test } from 'node:test';
import type { Turn } from '@mosaic/proto';
import { clipToBytes, encodedBytes } from '../src/app/size/encoded-size.ts';
import { fitTurns } from '../src/app/size/fit-turns.ts';

test('counts bytes as they travel: UTF-8 inside JSON', () => {
  assert.equal(encodedBytes('abc'), 3);
  assert.equal(encodedBytes('漢'), 3);
  assert.equal(encodedBytes('"\n'), 4);
  assert.equal(encodedBytes('😀'), 4);
});

test('clips to the limit and never through a character', () => {
  for (const text of ['漢字'.repeat(50), '😀'.repeat(50), '\n"'.repeat(50), 'short']) {
    for (let limit = 10; limit < 60; limit += 1) {
      const clipped = clipToBytes(text, limit);
      assert.ok(encodedBytes(clipped) <= limit && text.startsWith(clipped));
      assert.ok(clipped.isWellFormed());
      assert.ok(clipped.length > 0);
    }
  }
});

const user = (text: string): Turn => ({ role: 'user', content: [{ type: 'text', text }] });
const call: Turn = {
  role: 'assistant',
  content: [{ type: 'tool-call', id: 'k', name: 't', arguments: {} }],
};
const result: Turn = {
  role: 'tool',
  results: [{ callId: 'k', name: 't', output: 'x'.repeat(500), isError: false }],
};

test('leaves out whole exchanges from the oldest on, and never the last question', () => {
  const turns = [user('one'), call, result, user('two'), call, result];
  assert.deepEqual(fitTurns(turns, 10_000), turns);
  assert.deepEqual(fitTurns(turns, 1_000), turns.slice(3));
  assert.deepEqual(fitTurns(turns, 10), turns.slice(3));
});
