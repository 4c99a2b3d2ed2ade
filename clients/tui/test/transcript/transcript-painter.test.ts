import assert from 'node:assert/strict';
import { test } from 'node:test';
import { stripTerminalSequences } from '@earendil-works/pi-tui';
import { type ConversationEvent, makeId, type ServerFrame } from '@mosaic/proto';
import type { ChatState } from '../../src/state/chat-state.ts';
import { initialState, openConversation, reduceFrame } from '../../src/state/reduce.ts';
import { wrapHanging } from '../../src/text/wrap-hanging.ts';
import { userLines } from '../../src/transcript/message-lines.ts';
import { TranscriptPainter } from '../../src/transcript/transcript-painter.ts';
import { completed, routed } from '../example-turns.ts';
import type { EventBody } from '../gateway-peer.ts';

const conversationId = makeId();
const messageId = makeId();
const ids = { conversationId, messageId, run: 'run-1' };
const lost = {
  cost: { usd: null, source: 'unknown' },
  timings: { firstTokenMs: null, totalMs: 500 },
  usage: null,
  isSimulated: false,
} as const;

/** Feeds frames to the state and keeps what was printed and what is live. */
class Painted {
  readonly #painter = new TranscriptPainter();
  #state: ChatState = openConversation(initialState(makeId()), {
    id: conversationId,
    isStored: true,
  });
  #seq = 0;
  readonly printed: string[] = [];
  isThinkingShown = false;
  live: readonly string[] = [];

  constructor() {
    this.event({ type: 'conversation.created', title: 'A talk', agent: 'assistant', model: null });
    this.frame({ type: 'live', conversationId, head: 1 });
    this.event({ type: 'message.added', messageId, text: 'hello' });
    this.event(routed(ids));
  }

  frame(frame: ServerFrame, width = 80): void {
    this.#state = reduceFrame(this.#state, frame);
    const { commit, live } = this.#painter.paint(this.#state, {
      width,
      isThinkingShown: this.isThinkingShown,
    });
    this.printed.push(...commit.map(stripTerminalSequences));
    this.live = live.map(stripTerminalSequences);
  }

  event(body: EventBody): void {
    this.#seq += 1;
    const envelope = { conversationId, seq: this.#seq, at: '2026-01-02T03:04:05.678Z' };
    this.frame({ type: 'event', event: { ...body, ...envelope } as ConversationEvent });
  }

  delta(text: string, { offset = 0, step = 0, run = 'run-1', kind = 'text' as const } = {}): void {
    this.frame({ type: 'delta', delta: { conversationId, run, step, kind, offset, text } });
  }
}

const called = (callId: string, text = ''): EventBody => ({
  type: 'tool.called',
  run: 'run-1',
  step: 0,
  callId,
  name: 'web.search',
  arguments: { q: callId },
  text,
});

const finished = (callId: string, output: string, isError = false): EventBody => ({
  type: 'tool.finished',
  run: 'run-1',
  step: 0,
  callId,
  name: 'web.search',
  output,
  isError,
  durationMs: 12,
});

test('prints the question, the answer and the routing line once each', () => {
  const painted = new Painted();
  painted.delta('First.\n\nSec');
  assert.deepEqual(painted.live, ['', 'Sec']);
  painted.event(completed(ids, 'First.\n\nSecond.'));
  painted.frame({ type: 'tick' });
  assert.deepEqual(painted.printed, [
    '',
    '── A talk ──',
    '',
    '❯ hello',
    '',
    'First.',
    '',
    'Second.',
    '',
    'claude-opus-4-6 · code-complex: coding (0.91), complex · 1.2 s',
    '3.4k in / 612 out · $0.014',
  ]);
  assert.deepEqual(painted.live, []);
});

test('of a long message its beginning and its last lines are printed', () => {
  const log = Array.from({ length: 900 }, (_, line) => `line ${line}`).join('\n');
  const lines = userLines({ text: `${log}\nWhat is wrong here?` }, 80).map(stripTerminalSequences);
  assert.equal(lines.length, 13);
  assert.deepEqual(lines.slice(1, 3), ['❯ line 0', '  line 1']);
  assert.deepEqual(lines.slice(-3), ['  line 898', '  line 899', '  What is wrong here?']);
  assert.match(lines.at(-4) ?? '', /… folded \(8,\d{3} characters\)/);
});

test('a label that leaves no room stands above its text, and any other beside it', () => {
  assert.deepEqual(wrapHanging('/agent [name|new]  change the agent', 24), [
    '/agent [name|new]',
    '    change the agent',
  ]);
  assert.deepEqual(wrapHanging('  600  chat → a/b: Everything else.', 24), [
    '  600  chat → a/b:',
    '       Everything else.',
  ]);
});

test('tool calls are one line each, in order, live until their result is there', () => {
  const painted = new Painted();
  painted.delta('Looking.');
  painted.event(called('one', 'Looking.'));
  painted.event(called('two'));
  painted.event(finished('two', 'second result'));
  const running = ['⚙ web.search(q: "one") …', '⚙ web.search(q: "two") ✓ 12 ms · second result'];
  assert.deepEqual(painted.live, ['', ...running]);
  painted.event(finished('one', 'no such page', true));
  painted.delta('Found it.', { step: 1 });
  painted.event({ ...completed(ids, 'Found it.'), step: 1 } as EventBody);
  assert.deepEqual(painted.printed.slice(4, 11), [
    '',
    'Looking.',
    '',
    '⚙ web.search(q: "one") ✗ 12 ms · no such page',
    '⚙ web.search(q: "two") ✓ 12 ms · second result',
    '',
    'Found it.',
  ]);
});

test('a failed answer keeps what arrived and says what to do', () => {
  const painted = new Painted();
  painted.delta('Half an ans');
  const failure = {
    code: 'provider_cut',
    message: 'The stream was cut.',
    isRetryable: true,
  } as const;
  const ending = { run: 'run-1', messageId, text: 'Half an ans', step: 0, ...lost, failure };
  painted.event({ type: 'turn.failed', ...ending });
  assert.deepEqual(painted.printed.slice(4, 9), [
    '',
    'Half an ans',
    '',
    '✗ The stream was cut. (provider_cut)',
    'What arrived is kept. Write "go on" to let it continue.',
  ]);
  assert.match(painted.printed.at(-1) ?? '', /cost unknown$/);
});

test('a stopped answer says so', () => {
  const painted = new Painted();
  const ending = { run: 'run-1', messageId, text: 'Half', step: 0, ...lost };
  painted.event({ type: 'turn.cancelled', ...ending });
  assert.ok(painted.printed.includes('■ Stopped. What arrived is kept.'));
});

test('a restarted turn says why, and the new answer is painted whole', () => {
  const painted = new Painted();
  painted.delta('One.\n\nTwo');
  painted.event({
    type: 'turn.restarted',
    run: 'run-2',
    previousRun: 'run-1',
    messageId,
    why: 'the worker went away',
  });
  painted.delta('One.\n\nTw', { run: 'run-2' });
  painted.event(completed({ ...ids, run: 'run-2' }, 'One.\n\nTwo.'));
  assert.deepEqual(painted.printed.slice(4, 12), [
    '',
    'One.',
    '',
    '↻ The turn was restarted (the worker went away); the answer begins again.',
    '',
    'One.',
    '',
    'Two.',
  ]);
  assert.match(painted.printed.join(' '), /restarted 1×/);
});

test('a question that arrives during an answer waits until the answer is complete', () => {
  const painted = new Painted();
  painted.delta('Still writ');
  painted.event({ type: 'message.added', messageId: makeId(), text: 'next question' });
  assert.ok(!painted.printed.includes('❯ next question'));
  painted.event(completed(ids, 'Still writing.'));
  assert.ok(painted.printed.indexOf('❯ next question') > painted.printed.indexOf('Still writing.'));
});

test('thinking is shown while it lasts and never printed', () => {
  const painted = new Painted();
  const reasoning = { run: 'run-1', step: 0, kind: 'reasoning', offset: 0 } as const;
  const delta = { conversationId, ...reasoning, text: 'weighing both ways' };
  painted.frame({ type: 'delta', delta });
  assert.deepEqual(painted.live, ['', 'thinking: …weighing both ways']);
  painted.event(completed(ids, 'Done.'));
  assert.ok(!painted.printed.join('\n').includes('weighing'));
});
