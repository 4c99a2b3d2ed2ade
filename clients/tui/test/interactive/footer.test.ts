import assert from 'node:assert/strict';
import { test } from 'node:test';
import { stripTerminalSequences, visibleWidth } from '@earendil-works/pi-tui';
import { type ConversationEvent, emptyView, foldEvent, makeId } from '@mosaic/proto';
import { footerLine } from '../../src/interactive/footer.ts';
import { liveBody } from '../../src/interactive/live-body.ts';
import type { ChatState, ConnectionState } from '../../src/state/chat-state.ts';
import { addPending, initialState } from '../../src/state/reduce.ts';
import { completed, routed } from '../example-turns.ts';

function stateWith(change: Partial<ChatState>, model: string | null = null): ChatState {
  const state = initialState(makeId());
  return { ...state, conversation: { ...state.conversation, model }, ...change };
}

const online: ConnectionState = { phase: 'online' };
const shown = (state: ChatState, width: number): string =>
  stripTerminalSequences(footerLine(state, width, { sizeOf: () => 200_000 }));

test('the footer names agent, model, connection and demo mode', () => {
  const state = stateWith({ connection: online, isDemo: true });
  assert.equal(shown(state, 80), ' DEMO  · assistant · auto · online · /help');
  assert.match(
    shown(stateWith({}, 'gpt-5.4'), 80),
    /assistant · gpt-5\.4 \(pinned\) · connecting…/,
  );
});

test('after an answer it says what was routed to, and what the conversation used', () => {
  const ids = { conversationId: makeId(), messageId: makeId(), run: 'run-1' };
  const view = [routed(ids), completed(ids, 'text')].reduce(
    (folded, body, index) =>
      foldEvent(folded, {
        ...body,
        conversationId: ids.conversationId,
        seq: index + 1,
        at: '2026-01-02T03:04:05.678Z',
      } as ConversationEvent),
    emptyView(ids.conversationId),
  );
  const state = stateWith({ connection: online, conversation: view });
  const wide =
    'assistant · auto → claude-opus-4-6 · ctx 2% · 3.4k in / 612 out · $0.014 · online · /help';
  assert.equal(shown(state, 100), wide);
  assert.equal(shown(state, 70), 'assistant · auto → claude-opus-4-6 · ctx 2% · $0.014 · online');
  assert.equal(shown(state, 40), 'online · auto · assistant');
});

test('messages that are queued here are shown with the key that takes them back', () => {
  const held = ['first', 'second', 'third', 'fourth'];
  const state = stateWith({ connection: online });
  const body = liveBody({ state, open: [], width: 60, rows: 12, ...times, held });
  assert.match(
    body.map(stripTerminalSequences).join('\n'),
    /❯ first \(queued\)[\s\S]*and 1 more\n {2}Alt\+Up takes the last one back/,
  );
});

test('a narrow footer keeps demo mode, connection and model', () => {
  const offline: ConnectionState = { phase: 'offline', wasOnline: true };
  const state = stateWith({ connection: offline, isDemo: true }, 'claude-sonnet-4-6');
  const line = shown(state, 46);
  assert.equal(line, ' DEMO  · reconnecting… · claude-sonnet-4-6');
});

test('a gateway that was never reached is being connected to, not reconnected', () => {
  const state = stateWith({ connection: { phase: 'offline', wasOnline: false } });
  assert.match(shown(state, 80), /connecting…/);
  assert.doesNotMatch(shown(state, 80), /reconnecting/);
});

const keyMap = { label: (action: string) => (action === 'interrupt' ? 'Esc' : 'Alt+Up') };
const times = { runningSinceMs: 0, nowMs: 5_000, held: [] as string[], keyMap };

test('an open block that is too long shows its end and how much is above', () => {
  const open = Array.from({ length: 50 }, (_, line) => `line ${line}`);
  const state = stateWith({ connection: online });
  const body = liveBody({ state, open, width: 80, rows: 10, ...times });
  assert.deepEqual(body.slice(0, 2).map(stripTerminalSequences), ['… 41 lines above', 'line 41']);
  assert.deepEqual([body.length, body.at(-1)], [10, 'line 49']);
});

test('waiting messages and the state of the turn fit into a narrow screen', () => {
  const state = Array.from({ length: 5 }).reduce<ChatState>(
    (before) => addPending(before, { messageId: makeId(), text: `漢字 ${'long '.repeat(50)}` }),
    stateWith({ connection: online }),
  );
  const body = liveBody({ state, open: [], width: 40, rows: 9, ...times });
  assert.ok(body.every((line) => visibleWidth(line) <= 40));
  const text = body.map(stripTerminalSequences).join('\n');
  assert.match(text, /\(sending\)\n {2}and 2 more\n. routing… 5\.0 s · Esc stops/);
});
