import assert from 'node:assert/strict';
import { test } from 'node:test';
import { openLanes } from '../src/app/lanes.ts';

const limits = { perLane: 2, inAll: 3 };

test('lets one at a time in, the oldest first', async () => {
  const lanes = openLanes(limits);
  const first = lanes.join('a', 1);
  const third = lanes.join('a', 3);
  const second = lanes.join('a', 2);
  const order: number[] = [];
  void third?.isMine.then(() => order.push(3));
  void second?.isMine.then(() => order.push(2));
  assert.equal(await first?.isMine, true);
  assert.deepEqual(order, []);
  first?.leave();
  await second?.isMine;
  assert.deepEqual(order, [2]);
  second?.leave();
  await third?.isMine;
  third?.leave();
  assert.equal(await lanes.join('a', 4)?.isMine, true, 'the lane is free again');
});

test('has no room for more than its limits, in one lane and in all', () => {
  const lanes = openLanes(limits);
  for (const order of [1, 2, 3]) assert.ok(lanes.join('a', order));
  assert.equal(lanes.join('a', 4), undefined);
  assert.ok(lanes.join('b', 1));
  assert.ok(lanes.join('b', 2));
  assert.equal(lanes.join('b', 3), undefined, 'three wait in all');
  assert.ok(lanes.join('c', 1), 'nobody waits in a lane of its own');
});

test('closing sends away who waits and lets nobody in', async () => {
  const lanes = openLanes(limits);
  const first = lanes.join('a', 1);
  const second = lanes.join('a', 2);
  lanes.close();
  assert.equal(await first?.isMine, true);
  assert.equal(await second?.isMine, false);
  second?.leave();
  first?.leave();
  assert.equal(lanes.join('a', 3), undefined);
});
