import assert from 'node:assert/strict';
import { test } from 'node:test';
import { writeTogether } from '../../src/app/account/write-together.ts';
import { watchYoungCalls } from '../../src/app/account/young-calls.ts';

/** A clock that goes on when told to. */
function makeClock() {
  let nowMs = Date.parse('2026-11-26T10:00:00Z');
  let timers: { atMs: number; run: () => void }[] = [];
  return {
    now: () => nowMs,
    after(delayMs: number, run: () => void) {
      const timer = { atMs: nowMs + delayMs, run };
      timers.push(timer);
      return () => {
        timers = timers.filter((one) => one !== timer);
      };
    },
    async pass(ms: number) {
      nowMs += ms;
      const due = timers.filter(({ atMs }) => atMs <= nowMs);
      timers = timers.filter((one) => !due.includes(one));
      for (const { run } of due) run();
      await new Promise((resolve) => setImmediate(resolve));
    },
    get waiting() {
      return timers.length;
    },
  };
}

/** Writings that wait to be told how they went. */
function openWriter(isAway = (_thrown: unknown) => false) {
  const clock = makeClock();
  const writings: {
    userId: string;
    items: readonly string[];
    end: (error?: Error) => Promise<void>;
  }[] = [];
  const add = writeTogether<string>({
    isAway,
    timers: clock,
    write(userId, items) {
      const { promise, resolve, reject } = Promise.withResolvers<void>();
      const end = async (error?: Error) => {
        if (error === undefined) resolve();
        else reject(error);
        await clock.pass(0);
      };
      writings.push({ userId, items, end });
      return promise;
    },
  });
  const told: string[] = [];
  const ask = (userId: string, item: string) =>
    void add(userId, item).then(
      () => told.push(`${item} written`),
      (error: Error) => told.push(`${item} ${error.message}`),
    );
  const last = () => writings.at(-1) ?? assert.fail('nothing is written');
  return { ask, clock, last, told, writings };
}

const itemsOf = (writings: readonly { userId: string; items: readonly string[] }[]) =>
  writings.map(({ items, userId }) => `${userId}: ${items.join(' ')}`);

test('what comes within a moment is written together, for each user alone', async () => {
  const { ask, clock, told, writings } = openWriter();
  ask('ada', 'a1');
  ask('bob', 'b1');
  ask('ada', 'a2');
  assert.equal(writings.length, 0);
  await clock.pass(25);
  assert.deepEqual(itemsOf(writings), ['ada: a1 a2', 'bob: b1']);
  assert.deepEqual(told, []);
  for (const { end } of writings) await end();
  assert.deepEqual(told, ['a1 written', 'a2 written', 'b1 written']);
});

test('what comes during a writing is the next one, at once when that is over', async () => {
  const { ask, clock, last, writings } = openWriter();
  ask('ada', 'a1');
  await clock.pass(25);
  for (let number = 2; number <= 70; number += 1) ask('ada', `a${number}`);
  await clock.pass(25);
  assert.equal(writings.length, 1);
  await last().end();
  assert.equal(last().items.length, 64);
  await last().end();
  assert.deepEqual(last().items, ['a66', 'a67', 'a68', 'a69', 'a70']);
  await last().end();
  assert.equal(writings.length, 3);
  assert.equal(clock.waiting, 0);
});

test('four users are written at a time, and the fifth as soon as one is done', async () => {
  const { ask, clock, last, writings } = openWriter();
  for (const userId of ['u1', 'u2', 'u3', 'u4', 'u5']) ask(userId, userId);
  await clock.pass(25);
  assert.equal(writings.length, 4);
  await writings[1]?.end();
  assert.deepEqual(itemsOf(writings.slice(4)), ['u5: u5']);
  await last().end();
  assert.equal(writings.length, 5);
});

test('one that can not be written takes no other with it', async () => {
  const { ask, clock, last, told } = openWriter();
  for (const item of ['a1', 'bad', 'a3']) ask('ada', item);
  await clock.pass(25);
  await last().end(new Error('refused'));
  assert.deepEqual(last().items, ['a1']);
  await last().end();
  await last().end(new Error('refused'));
  await last().end();
  assert.deepEqual(told, ['a1 written', 'bad refused', 'a3 written']);
});

test('with the database away each is told so after one attempt', async () => {
  const { ask, clock, last, told, writings } = openWriter(() => true);
  ask('ada', 'a1');
  ask('ada', 'a2');
  await clock.pass(25);
  await last().end(new Error('away'));
  assert.deepEqual(told, ['a1 away', 'a2 away']);
  assert.equal(writings.length, 1);
});

test('a start needs a row when its call goes on, and none when its end was written before', async () => {
  const clock = makeClock();
  const young = watchYoungCalls(clock);
  const startedAt = new Date(clock.now()).toISOString();
  const answers: Record<string, boolean> = {};
  const ask = (id: string, at = startedAt) =>
    void young.needsRow({ id, startedAt: at }).then((isNeeded) => {
      answers[id] = isNeeded;
    });
  ask('short');
  ask('long');
  ask('ahead', new Date(clock.now() + 3_600_000).toISOString());
  await clock.pass(2_000);
  ask('old', new Date(clock.now() - 3_000).toISOString());
  young.ended('short');
  young.ended('unknown');
  await clock.pass(0);
  assert.deepEqual(answers, { old: true, short: false });
  await clock.pass(1_000);
  assert.deepEqual(answers, { old: true, short: false, long: true, ahead: true });
  assert.equal(clock.waiting, 0);
});

test('one record of a start that comes twice is answered twice, and a stop lets none wait', async () => {
  const clock = makeClock();
  const young = watchYoungCalls(clock);
  const call = { id: 'twice', startedAt: new Date(clock.now()).toISOString() };
  const both = [young.needsRow(call), young.needsRow(call)];
  young.stop();
  assert.deepEqual(await Promise.all(both), [true, true]);
  assert.equal(clock.waiting, 0);
});
