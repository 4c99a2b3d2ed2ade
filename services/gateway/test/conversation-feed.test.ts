import assert from 'node:assert/strict';
import { test } from 'node:test';
import type { ConversationEvent, LiveDelta } from '@mosaic/proto';
import { decision } from '@mosaic/test-kit/samples';
import fc from 'fast-check';
import { ConversationFeed, type FeedStep } from '../src/app/conversation/conversation-feed.ts';
import { ended } from './peers.ts';

const conversationId = 'c';
const at = new Date(0).toISOString();
const log: ConversationEvent[] = [
  { type: 'conversation.created', title: null, agent: 'assistant', model: null },
  { type: 'message.added', messageId: crypto.randomUUID(), text: 'hi' },
  { type: 'turn.routed', run: 'r', messageId: 'm', agent: 'assistant', decision },
  { type: 'turn.completed', ...ended('r', 'm', 'whole') },
].map((draft, index) => ({ ...draft, conversationId, seq: index + 1, at }) as ConversationEvent);

function deltasFor(words: readonly string[]): LiveDelta[] {
  let offset = 0;
  return words.map((text) => {
    const delta = { conversationId, run: 'r', step: 0, kind: 'text' as const, offset, text };
    offset += text.length;
    return delta;
  });
}

/**
 * Plays one way in which events and deltas can arrive. Deltas before `heardFrom` were said before
 * the reader came and are only stored; `order` says whether the next thing to arrive is an event.
 */
function play(way: {
  readonly words: readonly string[];
  readonly heardFrom: number;
  readonly order: readonly boolean[];
  readonly head: number;
}): FeedStep[] {
  const deltas = deltasFor(way.words);
  const feed = new ConversationFeed({ after: 0, head: way.head });
  const events = log.slice(0, 3);
  const heard = deltas.slice(way.heardFrom);
  let said = way.heardFrom;
  const shown: FeedStep[] = [];
  const take = (steps: readonly FeedStep[]) => {
    for (const step of steps) {
      shown.push(step);
      if (step.type !== 'catch-up') continue;
      for (const delta of deltas.slice(0, said)) take(feed.replayed(delta));
      take(feed.caughtUp());
    }
  };
  const hearNext = () => {
    const delta = heard.shift();
    if (delta === undefined) return;
    said += 1;
    take(feed.delta(delta));
  };
  const readNext = () => {
    const event = events.shift();
    if (event !== undefined) take(feed.event(event));
  };
  for (const isEvent of way.order) isEvent ? readNext() : hearNext();
  while (events.length > 0) readNext();
  while (heard.length > 0) hearNext();
  const last = log[3];
  if (last !== undefined) take(feed.event(last));
  return shown;
}

test('whatever the order of arrival, the pieces string together to the whole text', () => {
  fc.assert(
    fc.property(
      fc.record({
        words: fc.array(fc.string({ minLength: 1, maxLength: 5 }), { minLength: 1, maxLength: 12 }),
        from: fc.nat(12),
        order: fc.array(fc.boolean(), { maxLength: 16 }),
        head: fc.constantFrom(1, 2, 3),
      }),
      ({ from, head, order, words }) => {
        // Nothing of a run is said before the run is in the log.
        const heardFrom = head < 3 ? 0 : Math.min(from, words.length);
        const shown = play({ words, heardFrom, order, head });
        const text = shown.map((step) => (step.type === 'delta' ? step.delta.text : '')).join('');
        assert.equal(text, words.join(''));
        const seqs = shown.flatMap((step) => (step.type === 'event' ? [step.event.seq] : []));
        assert.deepEqual(seqs, [1, 2, 3, 4]);
        assert.equal(shown.filter((step) => step.type === 'live').length, 1);
      },
    ),
  );
});

test('a gap that no stored piece fills is asked about three times and then left to the final event', () => {
  const feed = new ConversationFeed({ after: 0, head: 3 });
  for (const event of log.slice(0, 3)) feed.event(event);
  feed.caughtUp();
  const [, lost] = deltasFor(['one', 'two']);
  assert.ok(lost);
  let asked = 0;
  for (let index = 0; index < 10; index += 1) {
    for (let steps = feed.delta(lost); steps.length > 0; steps = feed.caughtUp()) asked += 1;
  }
  assert.equal(asked, 3);
});

test('events that are known already are not shown again', () => {
  const feed = new ConversationFeed({ after: 2, head: 4 });
  const shown = log.flatMap((event) => feed.event(event));
  assert.deepEqual(
    shown.map((step) => (step.type === 'event' ? step.event.seq : step.type)),
    [3, 4, 'live'],
  );
});
