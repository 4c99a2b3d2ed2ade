import assert from 'node:assert/strict';
import { test } from 'node:test';
import { answerText, type ConversationEvent, makeId, type ServerFrame } from '@mosaic/proto';
import fc from 'fast-check';
import type { ChatState } from '../../src/state/chat-state.ts';
import { addPending, initialState, openConversation, reduceFrame } from '../../src/state/reduce.ts';
import { runningTurn } from '../../src/state/running-turn.ts';
import { completed, routed } from '../example-turns.ts';
import type { EventBody } from '../gateway-peer.ts';

const conversationId = makeId();
const messageId = makeId();
const ids = { conversationId, messageId, run: 'run-1' };

function eventFrame(seq: number, body: EventBody): ServerFrame {
  const envelope = { conversationId, seq, at: '2026-01-02T03:04:05.678Z' };
  return { type: 'event', event: { ...body, ...envelope } as ConversationEvent };
}

const delta = (offset: number, text: string, run = 'run-1'): ServerFrame => ({
  type: 'delta',
  delta: { conversationId, run, step: 0, kind: 'text', offset, text },
});

const turn: readonly ServerFrame[] = [
  eventFrame(1, { type: 'conversation.created', title: null, agent: 'assistant', model: null }),
  eventFrame(2, { type: 'message.added', messageId, text: 'hello' }),
  eventFrame(3, routed(ids)),
  delta(0, 'one '),
  delta(4, 'two '),
  delta(8, 'three'),
  eventFrame(4, completed(ids, 'one two three')),
];

const opened = (): ChatState =>
  openConversation(initialState(makeId()), { id: conversationId, isStored: true });

const after = (frames: readonly ServerFrame[], state = opened()): ChatState =>
  frames.reduce(reduceFrame, state);

test('a message of ours is pending until it is in the log', () => {
  const sent = addPending(opened(), { messageId, text: 'hello' });
  assert.equal(runningTurn(sent).phase, 'routing');
  const accepted = reduceFrame(sent, { type: 'accepted', conversationId, messageId });
  assert.equal(accepted.pending[0]?.status, 'accepted');
  const logged = after(turn.slice(0, 2), accepted);
  assert.deepEqual(logged.pending, []);
  assert.equal(runningTurn(logged).phase, 'routing');
});

test('a turn goes from routing to answering to idle', () => {
  const phases = turn.map((_, index) => runningTurn(after(turn.slice(0, index + 1))).phase);
  const answering = ['answering', 'answering', 'answering', 'answering'];
  assert.deepEqual(phases, ['idle', 'routing', ...answering, 'idle']);
});

test('deltas make the text grow before the answer is complete', () => {
  const state = after(turn.slice(0, 5));
  const answer = state.conversation.messages.at(-1);
  assert.ok(answer?.role === 'assistant');
  assert.equal(answerText(answer), 'one two ');
});

test('whatever is heard twice changes nothing the second time', () => {
  const repeats = fc.array(fc.nat(turn.length - 1), { maxLength: 30 });
  fc.assert(
    fc.property(repeats, (again) => {
      // Every frame in order, each followed by repetitions of frames that came before it.
      const frames = turn.flatMap((frame, index) => [
        frame,
        ...again.filter((old) => old <= index).map((old) => turn[old] ?? frame),
      ]);
      assert.deepEqual(after(frames).conversation, after(turn).conversation);
    }),
  );
});

test('losing any deltas never changes how the answer ends', () => {
  const kept = fc.subarray(turn.filter((frame) => frame.type === 'delta'));
  fc.assert(
    fc.property(kept, (deltas) => {
      const frames = turn.filter((frame) => frame.type !== 'delta' || deltas.includes(frame));
      assert.deepEqual(after(frames).conversation, after(turn).conversation);
    }),
  );
});

test('an event of another conversation is left alone', () => {
  const state = opened();
  const other = openConversation(state, { id: makeId(), isStored: true });
  assert.equal(after(turn, other).conversation.messages.length, 0);
});

test('a refused message is no longer pending and says why', () => {
  const sent = addPending(opened(), { messageId, text: 'hello' });
  const state = reduceFrame(sent, {
    type: 'error',
    about: messageId,
    error: { code: 'rate_limited', message: 'Too many requests; wait and try again.' },
  });
  assert.deepEqual(state.pending, []);
  assert.match(state.notices[0] ?? '', /Not sent: Too many requests/);
});

test('why a run took over is kept beside the answer', () => {
  const state = after([
    ...turn.slice(0, 4),
    eventFrame(4, {
      type: 'turn.restarted',
      run: 'run-2',
      previousRun: 'run-1',
      messageId,
      why: 'the worker went away',
    }),
  ]);
  assert.equal(state.restarts['run-2'], 'the worker went away');
  const answer = state.conversation.messages.at(-1);
  assert.ok(answer?.role === 'assistant');
  assert.deepEqual([answer.restarts, answerText(answer)], [1, '']);
});
