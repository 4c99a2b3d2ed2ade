import assert from 'node:assert/strict';
import { test } from 'node:test';
import { type ConversationEvent, MosaicError, makeId, noUsage } from '@mosaic/proto';
import { decision } from '@mosaic/test-kit/samples';
import {
  applyEvents,
  type EventDraft,
  numberEvent,
  unopened,
} from '../src/app/conversation-state.ts';
import { maxRestarts } from '../src/app/open-turn.ts';
import type { TurnPorts } from '../src/app/ports.ts';
import { answer, conversationId, messageId, openLog } from './turn-in-memory.ts';
import { say } from './turn-rig.ts';

const created: EventDraft = {
  type: 'conversation.created',
  title: null,
  agent: 'assistant',
  model: null,
};
const added: EventDraft = { type: 'message.added', messageId, text: 'hi' };
const run = makeId();
const routed: EventDraft = { type: 'turn.routed', run, messageId, agent: 'assistant', decision };
const completed: EventDraft = {
  type: 'turn.completed',
  run,
  messageId,
  text: 'hello',
  step: 0,
  usage: noUsage,
  cost: { usd: null, source: 'unknown' },
  timings: { firstTokenMs: null, totalMs: 0 },
  isSimulated: false,
  provider: 'anthropic',
  model: 'claude-haiku-4-5',
  rule: 'simple',
  reason: 'because',
  stop: { unified: 'stop', raw: null },
};
const restarted: EventDraft = {
  type: 'turn.restarted',
  run,
  previousRun: run,
  messageId,
  why: 'gone',
};
const typesOf = (events: readonly ConversationEvent[]) => events.map(({ type }) => type);

test('does not restart a turn that the first worker ended meanwhile', async () => {
  const { events, log } = openLog([created, added, routed], [completed]);
  await assert.rejects(answer(log), { code: 'conflict' });
  assert.deepEqual(typesOf(events).slice(3), ['turn.completed']);
});

test('does not add a message twice when two workers begin at once', async () => {
  const { events, log } = openLog([created], [added, routed]);
  await assert.rejects(answer(log), { code: 'conflict' });
  assert.equal(typesOf(events).filter((type) => type === 'message.added').length, 1);
});

test('does not write into a conversation that was deleted meanwhile', async () => {
  const { events, log } = openLog([created], [{ type: 'conversation.deleted' }]);
  await assert.rejects(answer(log), { code: 'conflict' });
  assert.equal(events.length, 2);
});

test('a turn that breaks off again and again ends in one explicit failure', async () => {
  const { events, log } = openLog([created]);
  const die = () => Promise.reject(new MosaicError('conflict', 'as if the worker had died'));
  for (let count = 0; count < 20; count += 1) await answer(log, { remember: die }).catch(() => {});
  const types = typesOf(events);
  assert.equal(types.filter((type) => type === 'turn.restarted').length, maxRestarts + 1);
  assert.equal(types.filter((type) => type === 'turn.failed').length, 1);
  assert.equal(types.at(-1), 'turn.failed');
});

test('counts how often each turn began again', () => {
  const { log } = openLog([created, added, routed, restarted, routed, restarted]);
  assert.equal(log.state.turns.get(messageId)?.restarts, 2);
});

test('goes on behind a gap and after a purge', () => {
  const late = numberEvent({ type: 'conversation.deleted' }, { conversationId, seq: 9, atMs: 0 });
  const state = applyEvents(unopened, [late]);
  assert.equal(state.isDeleted, true);
  assert.equal(state.seq, 9);
});

test('an ending that does not fit is written without its text', async () => {
  const { events, log } = openLog([created]);
  const small: TurnPorts['log'] = {
    get state() {
      return log.state;
    },
    async append(draft, stillMine) {
      const isLarge = 'text' in draft && draft.text.length > 100;
      if (isLarge) throw new MosaicError('body_too_large');
      return log.append(draft, stillMine);
    },
    events: log.events,
    refresh: log.refresh,
    until: log.until,
  };
  await answer(small, { complete: () => say('x'.repeat(200)) });
  const last = events.at(-1);
  assert.ok(last?.type === 'turn.failed' && last.text === '');
  assert.equal(last.failure.code, 'body_too_large');
});
