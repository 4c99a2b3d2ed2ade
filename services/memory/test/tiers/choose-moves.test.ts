import assert from 'node:assert/strict';
import { test } from 'node:test';
import { chooseMoves, type TierCandidate } from '../../src/app/tiers/choose-moves.ts';

const dayMs = 86_400_000;
const nowMs = Date.UTC(2026, 10, 25);

function candidate(conversationId: string, idleDays: number, more: object = {}): TierCandidate {
  const lastUsedMs = nowMs - idleDays * dayMs;
  const rest = { seq: 7, tier: 'hot', bytes: 400_000, isIncognito: false } as const;
  return { conversationId, lastUsedMs, ...rest, ...more };
}

function movesOf(candidates: readonly TierCandidate[], hotBytes: number | null): string[] {
  const policy = { warmAfterDays: 30, coldAfterDays: 180, hotBytes };
  const rowBytes = candidates.reduce((sum, { bytes }) => sum + bytes, 0);
  const moves = chooseMoves(candidates, policy, { nowMs, rowBytes });
  return moves.map(({ conversationId, to }) => `${conversationId} ${to}`);
}

test('days without use decide where no size is set', () => {
  const list = [candidate('new', 2), candidate('month', 30), candidate('year', 365)];
  assert.deepEqual(movesOf(list, null), ['year cold', 'month warm']);
});

test('what is above the size becomes cold before its time, longest unused first, and no more than that', () => {
  const list = [candidate('c', 3), candidate('a', 9), candidate('b', 6)];
  assert.deepEqual(movesOf(list, 1_200_000), []);
  assert.deepEqual(movesOf(list, 900_000), ['a cold']);
  assert.deepEqual(movesOf(list, 500_000), ['a cold', 'b cold']);
});

test('what was used within a day stays, whatever the size; what is incognito is never cold', () => {
  const hidden = candidate('hidden', 40, { isIncognito: true });
  assert.deepEqual(movesOf([candidate('today', 0.9), hidden], 1), ['hidden warm']);
});
