import assert from 'node:assert/strict';
import { test } from 'node:test';
import { meaningOf, readWordVectors } from '@mosaic/word-vectors';
import type { Passage } from '../../src/app/recall/index/passage.ts';
import { makePieces } from '../../src/app/recall/make-pieces.ts';
import { meaningColumns } from '../../src/app/recall/rank/columns/meaning-columns.ts';
import { emptyRankedIndex, withPassages } from '../../src/app/recall/rank/ranked-index.ts';

const table = readWordVectors();
const texts = [
  'The garden needs water and new roses.',
  'I baked bread with rye this morning.',
  'Our garden is full of tomatoes.',
  '昨天我去了杭州。',
  'The train to the garden was late.',
];
const asked = meaningOf(['rye', 'bread', 'recipe'], table);

const dot = (left: readonly number[], right: readonly number[]) =>
  left.reduce((sum, one, at) => sum + one * (right[at] ?? 0), 0);
const unit = (vector: readonly number[]) => {
  const length = Math.sqrt(dot(vector, vector));
  return vector.map((one) => (length === 0 ? 0 : one / length));
};
const less = (left: readonly number[], right: readonly number[]) =>
  left.map((one, at) => one - (right[at] ?? 0));
const plus = (left: readonly number[], right: readonly number[], share: number) =>
  left.map((one, at) => one + share * (right[at] ?? 0));

function passage(text: string, at: number): readonly Passage[] {
  return makePieces(text, table).map((piece) => ({
    ...piece,
    ...{ version: at + 1, source: 'message', sourceId: `m${at}`, conversationId: 'c' },
    ...{ position: at, role: 'user', speaker: null, saidAtMs: at, supersededAtMs: null },
    hash: `${at}`,
  }));
}

test('likeness without the usual, alone and with what stands beside, is what the vectors themselves give', () => {
  const passages = texts.flatMap(passage);
  const { field, surroundings } = withPassages(emptyRankedIndex(table), passages);
  const columns = meaningColumns(field, surroundings, asked);
  const width = asked?.length ?? 0;
  const rows = passages.map(({ meaning }) => unit(Array.from(meaning ?? new Int8Array(width))));
  const around = rows.map((row, at) =>
    unit(plus(plus(row, rows[at - 1] ?? [], 0.6), rows[at + 1] ?? [], 0.6)),
  );
  for (const [name, vectors] of [
    ['meaningSpecial', rows],
    ['meaningAround', around],
  ] as const) {
    const none = Array.from({ length: width }, () => 0);
    const sum = vectors.reduce((total, row) => plus(total, row, 1), none);
    const usual = sum.map((one) => one / (vectors.length + 20));
    const question = unit(less(Array.from(asked ?? []), usual));
    for (const [at, vector] of vectors.entries()) {
      const isKnown = dot(vector, vector) > 0;
      const wanted = isKnown ? dot(unit(less(vector, usual)), question) : 0;
      assert.ok(Math.abs((columns[name]?.[at] ?? 9) - wanted) < 1e-4, `${name} ${at}`);
    }
  }
});

test('a text whose language the table does not know is like no question by itself', () => {
  const { field, surroundings } = withPassages(emptyRankedIndex(table), texts.flatMap(passage));
  const { meaning, meaningSpecial } = meaningColumns(field, surroundings, asked);
  // Neither 0 nor -0 is more than the other.
  for (const column of [meaning, meaningSpecial]) assert.ok(column?.[3] === 0);
  assert.ok((meaning?.[1] ?? 0) > 0.5);
});
