import assert from 'node:assert/strict';
import { beforeEach, test } from 'node:test';
import { makePerUserMemory, type OfUser } from '../../src/index.ts';

let nowMs = 0;
let loads: string[] = [];
let answer: (userId: string) => Promise<string>;

function memory(changes: { patienceMs?: number; maxUsers?: number } = {}) {
  return makePerUserMemory<OfUser, string>({
    load({ userId }) {
      loads.push(userId);
      return answer(userId);
    },
    clock: { now: () => nowMs },
    freshMs: 1_000,
    staleMs: 60_000,
    patienceMs: 20,
    firstPatienceMs: 20,
    maxUsers: 100,
    ...changes,
  });
}

const ann = { userId: 'ann' };
const never = () => new Promise<string>(() => {});
const down = () => Promise.reject(new Error('down'));
const says = (word: string) => (userId: string) => Promise.resolve(`${word} of ${userId}`);

beforeEach(() => {
  nowMs = 0;
  loads = [];
  answer = says('one');
});

test('asks once while a value is fresh, however many want it, and again when it is old', async () => {
  const kept = memory();
  await Promise.all([kept.get(ann), kept.get(ann)]);
  nowMs = 999;
  assert.equal(await kept.get(ann), 'one of ann');
  assert.deepEqual(loads, ['ann']);
  nowMs = 1_000;
  answer = says('two');
  assert.equal(await kept.get(ann), 'two of ann');
});

test('hands nobody the value of somebody else', async () => {
  const kept = memory();
  const both = await Promise.all([kept.get(ann), kept.get({ userId: 'bo' })]);
  assert.deepEqual(both, ['one of ann', 'one of bo']);
});

test('a dropped value is never handed out again, not even when nothing newer is to be had', async () => {
  const kept = memory();
  await kept.get(ann);
  kept.drop('ann');
  answer = down;
  await assert.rejects(kept.get(ann), /down/);
});

test('what was being loaded when it was dropped is not remembered', async () => {
  const kept = memory();
  const { promise, resolve } = Promise.withResolvers<string>();
  answer = () => promise;
  const early = kept.get(ann);
  kept.drop('ann');
  resolve('old');
  await early;
  answer = says('new');
  assert.equal(await kept.get(ann), 'new of ann');
});

test('an old value serves while nothing newer is to be had, but not for ever', async () => {
  const kept = memory();
  await kept.get(ann);
  answer = down;
  nowMs = 59_999;
  assert.equal(await kept.get(ann), 'one of ann');
  nowMs = 70_000;
  await assert.rejects(kept.get(ann), /down/);
});

test('nobody waits long for a source that hangs, and for a while not at all', async () => {
  const kept = memory();
  await kept.get(ann);
  nowMs = 2_000;
  answer = never;
  assert.equal(await kept.get(ann), 'one of ann');
  assert.equal(await kept.get(ann), 'one of ann');
  assert.deepEqual(loads, ['ann', 'ann'], 'the load that hangs is the only one');
  await assert.rejects(kept.get({ userId: 'bo' }), { code: 'deadline_exceeded' });
});

test('after a failure it is not asked again at once, and later is', async () => {
  const kept = memory();
  answer = down;
  await assert.rejects(kept.get(ann), /down/);
  await assert.rejects(kept.get(ann), /down/);
  assert.deepEqual(loads, ['ann']);
  nowMs = 5_000;
  answer = says('back');
  assert.equal(await kept.get(ann), 'back of ann');
});

test('without patience an old value is handed out at once and replaced behind the caller’s back', async () => {
  const kept = memory({ patienceMs: 0 });
  await kept.get(ann);
  kept.expireAll();
  answer = says('two');
  assert.equal(await kept.get(ann), 'one of ann');
  await new Promise((resolve) => setImmediate(resolve));
  assert.equal(await kept.get(ann), 'two of ann');
});

test('remembers so many users and no more, those who were asked for last', async () => {
  const kept = memory({ maxUsers: 2 });
  for (const userId of ['ann', 'bo', 'ann', 'cy', 'ann', 'bo']) await kept.get({ userId });
  assert.deepEqual(loads, ['ann', 'bo', 'cy', 'bo']);
});
