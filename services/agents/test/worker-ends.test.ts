import assert from 'node:assert/strict';
import { afterEach, beforeEach, test } from 'node:test';
import { setTimeout as pause } from 'node:timers/promises';
import type { CompletionPart, ConversationEvent } from '@mosaic/proto';
import { waitFor } from '@mosaic/test-kit';
import { start } from '@mosaic/test-kit/samples';
import { say, startTurnRig, type TurnRig } from './turn-rig.ts';

let rig: TurnRig;
beforeEach(async () => {
  rig = await startTurnRig();
});
afterEach(() => rig.stop());

const terminals = (events: readonly ConversationEvent[]) =>
  events.filter(({ type }) => /^turn\.(completed|failed|cancelled)$/.test(type));

/** Begins to answer and goes on only from the given call on. */
function answerFrom(call: number): void {
  let calls = 0;
  rig.answerWith(async function* (_request, signal): AsyncIterable<CompletionPart> {
    calls += 1;
    if (calls >= call) return yield* say('the whole answer');
    yield start;
    yield { type: 'text', text: 'half an ' };
    await new Promise<void>((resolve) => {
      if (signal.aborted) resolve();
      else signal.addEventListener('abort', () => resolve(), { once: true });
    });
  });
}

test('a worker killed in mid-stream is replaced by another, with exactly one answer', async () => {
  answerFrom(2);
  const first = await rig.startWorkerProcess();
  const conversation = await rig.open();
  await rig.send(conversation, 'hello');
  // Killed before it asked, it would leave the half answer to the next.
  await waitFor(() => rig.asked.length === 1);
  await rig.startWorkerProcess();
  await first.end('SIGKILL');
  await rig.until(conversation, 'turn.completed');
  await rig.send(conversation, 'and again');
  const events = await rig.until(conversation, 'turn.completed', 2);
  assert.deepEqual(
    events.map(({ type }) => type),
    [
      'conversation.created',
      'message.added',
      'turn.routed',
      'turn.restarted',
      'turn.routed',
      'turn.completed',
      'message.added',
      'turn.routed',
      'turn.completed',
    ],
  );
  const seqs = events.map(({ seq }) => seq);
  assert.deepEqual(seqs, [1, 2, 3, 4, 5, 6, 7, 8, 9]);
});

test('a worker that is stopped finishes its turn; what waits goes to another at once', async () => {
  rig.answerWith(async function* () {
    await pause(1_500);
    yield* say('in time');
  });
  const first = await rig.startWorkerProcess();
  const conversation = await rig.open();
  await rig.send(conversation, 'one');
  await rig.until(conversation, 'turn.routed');
  await rig.send(conversation, 'two');
  await rig.startWorkerProcess();
  await first.end('SIGTERM');
  const events = await rig.until(conversation, 'turn.completed', 2);
  assert.equal(terminals(events).length, 2);
  assert.equal(events.filter(({ type }) => type === 'turn.restarted').length, 0);
});

test('a worker that stood still for longer than its lease goes on when nobody took its turn', async () => {
  const { promise, resolve } = Promise.withResolvers<void>();
  rig.answerWith(async function* (): AsyncIterable<CompletionPart> {
    await promise;
    yield* say('at last');
  });
  const worker = await rig.startWorkerProcess();
  const conversation = await rig.open();
  await rig.send(conversation, 'hello');
  await rig.until(conversation, 'turn.routed');
  process.kill(worker.pid, 'SIGSTOP');
  // The lease ends after 5 s, and the message is given out again after 6.
  await pause(7_000);
  process.kill(worker.pid, 'SIGCONT');
  // Time enough for the worker to see that its lease has ended.
  await pause(2_500);
  resolve();
  await rig.until(conversation, 'turn.completed');
  await rig.send(conversation, 'and again');
  const events = await rig.until(conversation, 'turn.completed', 2);
  assert.equal(terminals(events).length, 2);
  assert.equal(events.filter(({ type }) => type === 'turn.restarted').length, 0);
});
