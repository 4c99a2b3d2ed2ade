import assert from 'node:assert/strict';
import { after, before, test } from 'node:test';
import { setTimeout as pause } from 'node:timers/promises';
import {
  type ConversationEvent,
  cancelTurn,
  conversationLog,
  createConversation,
  makeId,
} from '@mosaic/proto';
import { waitFor } from '@mosaic/test-kit';
import { start } from '@mosaic/test-kit/samples';
import { say, startTurnRig, type TurnRig } from './turn-rig.ts';

let rig: TurnRig;
before(async () => {
  rig = await startTurnRig();
  await rig.startWorker();
});
after(() => rig.stop());

const terminals = (events: readonly ConversationEvent[]) =>
  events.filter(({ type }) => /^turn\.(completed|failed|cancelled)$/.test(type));

function cancel(conversationId: string, run?: string): void {
  const tokens = { userId: rig.caller.userId, conversationId };
  const fact = { conversationId, ...(run === undefined ? {} : { run }) };
  rig.gateway.publishLive(cancelTurn, fact, { tokens, caller: rig.caller });
}

/** Answers when the test says so, or never. */
function hold() {
  const { promise, resolve } = Promise.withResolvers<void>();
  rig.answerWith(async function* (_request, signal) {
    yield start;
    yield { type: 'text', text: 'I begin' };
    const aborted = new Promise<void>((end) => {
      if (signal.aborted) end();
      else signal.addEventListener('abort', () => end());
    });
    await Promise.race([promise, aborted]);
    if (signal.aborted) throw new Error('cancelled');
    yield* say('done');
  });
  return resolve;
}

test('messages that wait for the one before are not given back to come again later', async () => {
  const answer = hold();
  const before = await rig.bus.deliveries('INBOX', 'agents');
  const conversation = await rig.open();
  for (const text of ['one', 'two', 'three', 'four']) await rig.send(conversation, text);
  const given = async () => (await rig.bus.deliveries('INBOX', 'agents')) - before;
  await waitFor(async () => (await given()) >= 4);
  answer();
  await rig.until(conversation, 'turn.completed', 4);
  assert.equal(await given(), 4, 'each starts when the one before has ended');
});

test('a cancel without a run also stops the messages that wait', async () => {
  hold();
  const conversation = await rig.open();
  await rig.send(conversation, 'think');
  await rig.until(conversation, 'turn.routed');
  await rig.send(conversation, 'and then this');
  await pause(100);
  cancel(conversation);
  const events = await rig.until(conversation, 'turn.cancelled', 2);
  assert.equal(terminals(events).length, 2);
  rig.answerWith(() => say('here I am'));
  await rig.send(conversation, 'something new');
  const later = await rig.until(conversation, 'turn.completed');
  assert.equal(terminals(later).length, 3, 'what is sent after the cancel is answered');
});

test('a cancel that names another run stops nothing', async () => {
  const answer = hold();
  const conversation = await rig.open();
  await rig.send(conversation, 'think');
  await rig.until(conversation, 'turn.routed');
  cancel(conversation, makeId());
  await pause(200);
  answer();
  assert.equal(terminals(await rig.until(conversation, 'turn.completed')).length, 1);
});

test('a cancel that names the run stops it', async () => {
  hold();
  const conversation = await rig.open();
  await rig.send(conversation, 'think');
  const routed = (await rig.until(conversation, 'turn.routed')).at(-1);
  assert.ok(routed?.type === 'turn.routed');
  cancel(conversation, routed.run);
  await rig.until(conversation, 'turn.cancelled');
});

test('a conversation that is created twice at the same moment has one beginning', async () => {
  const conversationId = makeId();
  const { caller } = rig;
  const replies = await Promise.all(
    Array.from({ length: 8 }, () =>
      rig.gateway.call(createConversation, { conversationId }, { caller }),
    ),
  );
  const log = rig.gateway.read(conversationLog, {
    tokens: { userId: caller.userId, conversationId },
    untilCaughtUp: true,
  });
  const events = await Array.fromAsync(log);
  assert.equal(events.length, 1);
  assert.ok(replies.every(({ event }) => event.seq === 1));
});
