import assert from 'node:assert/strict';
import { test } from 'node:test';
import {
  decodeWordVectors,
  encodeWordVectors,
  meaningOf,
  readWordVectors,
  wordDimensions,
} from '../src/index.ts';
import { shrinkVectors } from '../train/shrink-vectors.ts';

const known = readWordVectors();

/** Cosine of the angle between what two texts mean, or null when one has no known word. */
function likeness(one: string, other: string): number | null {
  const left = meaningOf(one.split(' '), known, 1);
  const right = meaningOf(other.split(' '), known, 1);
  if (left === null || right === null) return null;
  return left.reduce((sum, value, at) => sum + value * (right[at] ?? 0), 0);
}

test('words that are used alike point the same way, others do not', () => {
  const near = likeness('translate', 'translation') ?? 0;
  const far = likeness('translate', 'hurricane') ?? 1;
  assert.ok(near > 0.4 && far < 0.3 && near > far + 0.2, `near ${near}, far ${far}`);
  const alike = (one: string, other: string) => likeness(one, other) ?? 0;
  assert.ok(alike('physician', 'doctor') > alike('physician', 'guitar') + 0.2);
  const dog = 'the dog ran away';
  assert.ok(alike(dog, 'a puppy escaped') > alike(dog, 'a tax on wages'));
});

test('frequent words hardly turn the meaning of a text', () => {
  const alike = likeness('summarize this article', 'the article of the and to summarize') ?? 0;
  assert.ok(alike > 0.9, `${alike}`);
});

test('a meaning is as long as wanted, and there is none without a known word', () => {
  const meaning = meaningOf(['fix', 'bug'], known, 0.5) ?? [];
  const length = Math.hypot(...meaning);
  assert.ok(Math.abs(length - 0.5) < 1e-9, `${length}`);
  const plain = meaningOf(['violin', 'xqzzy'], known);
  assert.equal(plain?.length, wordDimensions);
  assert.ok(Math.abs(Math.hypot(...(plain ?? [])) - 1) < 1e-9, 'one when nothing is said');
  assert.equal(meaningOf(['xqzzkv', '翻', '', '?', '机器'], known, 0.5), null);
  assert.equal(meaningOf([], known, 0.5), null);
});

test('a table says the same of every word after it was written and read', () => {
  const words = ['the', 'is', 'well-read', 'café', 'isle', 'i'];
  const vectorOf = (word: string) =>
    Array.from({ length: wordDimensions }, (_, at) => Math.sin(word.length * 7 + at));
  const { words: kept, ...numbers } = shrinkVectors(words, vectorOf);
  assert.deepEqual(kept, ['the', 'is', 'isle', 'i']);
  const table = decodeWordVectors(encodeWordVectors(kept, numbers));
  assert.equal(meaningOf(['well-read'], table, 1), null);
  const mean = Array.from(
    { length: wordDimensions },
    (_, at) => kept.reduce((sum, word) => sum + (vectorOf(word)[at] ?? 0), 0) / kept.length,
  );
  for (const word of kept) {
    const exact = vectorOf(word).map((value, at) => value - (mean[at] ?? 0));
    const norm = Math.hypot(...exact);
    const found = meaningOf([word], table, norm) ?? [];
    assert.ok(
      exact.every((value, at) => Math.abs(value - (found[at] ?? 9)) < 0.02),
      word,
    );
  }
});

test('a file of another shape is refused with the command that makes it', () => {
  const bytes = encodeWordVectors(['one'], {
    vectors: new Int8Array(wordDimensions).fill(1),
    scales: Float32Array.of(1),
  });
  assert.doesNotThrow(() => decodeWordVectors(bytes));
  assert.throws(() => decodeWordVectors(bytes.slice(0, 4)), /train:words/);
  assert.throws(() => decodeWordVectors(bytes.slice(0, 40)), /train:words/);
  assert.throws(() => decodeWordVectors(bytes.slice(0, -1)), /0 words instead of 1/);
  assert.throws(() => decodeWordVectors(Uint8Array.from(bytes, (byte) => byte ^ 1)), /train:words/);
  for (const other of [new Uint8Array(0), new Uint8Array(64), Buffer.from('{"words":[]}')]) {
    assert.throws(() => decodeWordVectors(other), /of another shape/);
  }
});
