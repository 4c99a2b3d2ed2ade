import assert from 'node:assert/strict';
import { it } from 'node:test';
import { type ConversationEvent, emptyView, makeId, type ServerFrame } from '@mosaic/proto';
import type { OutboxEntry } from '../src/transport/outbox.ts';
import {
  emptyTransport,
  findMissing,
  foldInput,
  type TransportState,
} from '../src/transport/transport-state.ts';

const conversationId = 'c1';
const at = '2026-01-01T00:00:00.000Z';
const created = {
  type: 'conversation.created',
  title: null,
  agent: 'assistant',
  model: null,
} as const;

const frameOf = (
  seq: number,
  body: typeof created | { type: 'message.added'; messageId: string; text: string },
): ServerFrame => ({
  type: 'event',
  event: { conversationId, seq, at, ...body } as ConversationEvent,
});

const entry = (messageId: string): OutboxEntry => ({
  conversationId,
  messageId,
  text: 'hello',
  model: null,
  opens: null,
  state: 'sending',
  problem: null,
});

function fold(state: TransportState, ...frames: readonly ServerFrame[]): TransportState {
  return frames.reduce((before, frame) => foldInput(before, { type: 'frame', frame }), state);
}

const opened = (outbox: readonly OutboxEntry[] = []): TransportState =>
  foldInput(emptyTransport({ owner: 'u1', entries: outbox }), {
    type: 'opened',
    conversationId,
    isNew: false,
  });

it('takes a message out of the outbox when the log shows it, and shows it once', () => {
  const messageId = makeId();
  const added = frameOf(2, { type: 'message.added', messageId, text: 'hello' });
  const state = fold(opened([entry(messageId)]), frameOf(1, created), added, added);
  assert.deepEqual(state.outbox, []);
  assert.equal(state.conversations[conversationId]?.view.messages.length, 1);
});

it('marks a message as sent when accepted and as failed when refused', () => {
  const messageId = makeId();
  const sent = fold(opened([entry(messageId)]), { type: 'accepted', conversationId, messageId });
  assert.equal(sent.outbox[0]?.state, 'sent');
  const error = { code: 'rate_limited', message: 'Too many requests.' } as const;
  const failed = fold(opened([entry(messageId)]), { type: 'error', about: messageId, error });
  assert.deepEqual(failed.outbox, [
    { ...entry(messageId), state: 'failed', problem: 'Too many requests.' },
  ]);
});

it('asks again from the last event when one is missing, and does not apply what lies behind', () => {
  const state = fold(opened(), frameOf(1, created));
  const late = frameOf(3, { type: 'message.added', messageId: makeId(), text: 'late' });
  assert.deepEqual(findMissing(state, late), { conversationId, after: 1 });
  assert.equal(findMissing(state, frameOf(1, created)), null);
  assert.equal(fold(state, late).conversations[conversationId]?.view.seq, 1);
});

it('has caught up only when the gateway says so', () => {
  const state = fold(opened(), frameOf(1, created));
  assert.equal(state.conversations[conversationId]?.isCaughtUp, false);
  const live = fold(state, { type: 'live', conversationId, head: 1 });
  assert.equal(live.conversations[conversationId]?.isCaughtUp, true);
});

it('ignores conversations that it never opened', () => {
  const state = fold(emptyTransport({ owner: null, entries: [] }), frameOf(1, created));
  assert.deepEqual(state.conversations, {});
});

it('gives up the connection when the gateway does not know who we are', () => {
  const error = { code: 'unauthenticated', message: 'Sign in.' } as const;
  assert.equal(fold(opened(), { type: 'error', error }).link, 'refused');
});

it('shows why a conversation can not be opened', () => {
  const error = { code: 'not_found', message: 'There is no such thing.' } as const;
  const state = fold(opened(), { type: 'error', about: conversationId, error });
  assert.deepEqual(state.conversations[conversationId], {
    view: emptyView(conversationId),
    isCaughtUp: false,
    problem: 'There is no such thing.',
  });
});

it('forgets everything of the person before when somebody else signs in', () => {
  const welcome = (id: string): ServerFrame => ({
    type: 'welcome',
    protocol: 1,
    user: { id, name: 'Ana', role: 'member' },
    tickMs: 15_000,
    maxMessageChars: 1_000,
    isDemo: false,
  });
  const before = fold(opened([entry(makeId())]), frameOf(1, created));
  assert.equal(fold(before, welcome('u1')).outbox.length, 1);
  const after = fold(before, welcome('u2'));
  assert.deepEqual([after.outbox, after.conversations], [[], {}]);
});
