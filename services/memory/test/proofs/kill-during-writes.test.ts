import assert from 'node:assert/strict';
import { test } from 'node:test';
import { killDuringWrites } from './kill-during-writes.ts';

test('kill -9 during writes loses nothing that was acknowledged, and the rows are what the log makes', async () => {
  const found = await killDuringWrites({ kills: 2 });
  assert.equal(found.lostMemories, 0, JSON.stringify(found));
  assert.equal(found.wrongProjections, 0, JSON.stringify(found));
  assert.equal(found.ofDatabase, 1);
  assert.ok(found.acknowledgedMemories >= 9 && found.events > 9, JSON.stringify(found));
});
