import assert from 'node:assert/strict';
import { test } from 'node:test';
import { recentMap } from '../../src/app/rules/recent-map.ts';

test('what was asked for least recently is forgotten first, and the map never grows beyond its limit', () => {
  const map = recentMap<number>(2);
  map.set('a', 1);
  map.set('b', 2);
  assert.equal(map.get('a'), 1);
  map.set('c', 3);
  assert.equal(map.peek('b'), undefined);
  assert.deepEqual([map.peek('a'), map.peek('c'), map.size], [1, 3, 2]);
});

test('a look without asking does not keep a value alive', () => {
  const map = recentMap<number>(2);
  map.set('a', 1);
  map.set('b', 2);
  assert.equal(map.peek('a'), 1);
  map.set('c', 3);
  assert.equal(map.peek('a'), undefined);
});
