import assert from 'node:assert/strict';
import { test } from 'node:test';
import { decodeWordVectors, meaningOf, readWordVectors, wordDimensions } from '../src/index.ts';

const table = readWordVectors();

function likeness(left: string, right: string): number {
  const [one, other] = [left, right].map((text) => meaningOf(text.split(' '), table));
  assert.ok(one && other);
  return one.reduce((sum, value, at) => sum + value * (other[at] ?? 0), 0);
}

test('what is used alike points the same way', () => {
  assert.ok(likeness('physician', 'doctor') > likeness('physician', 'guitar') + 0.2);
  assert.ok(
    likeness('the dog ran away', 'a puppy escaped') >
      likeness('the dog ran away', 'a tax on wages'),
  );
});

test('a meaning has the length 1, and words nobody knows have none', () => {
  const meaning = meaningOf(['violin', 'xqzzy'], table);
  assert.equal(meaning?.length, wordDimensions);
  assert.ok(Math.abs(Math.hypot(...(meaning ?? [])) - 1) < 1e-5);
  assert.equal(meaningOf(['xqzzy', '机器'], table), null);
  assert.equal(meaningOf([], table), null);
});

test('bytes of another shape are refused', () => {
  for (const bytes of [new Uint8Array(0), new Uint8Array(64), Buffer.from('{"words":[]}')]) {
    assert.throws(() => decodeWordVectors(bytes), /of another shape/);
  }
});
