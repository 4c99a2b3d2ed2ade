import assert from 'node:assert/strict';
import { test } from 'node:test';
import { setTimeout as delay } from 'node:timers/promises';
import type { ConversationEvent } from '@mosaic/proto';
import { applyInPortions } from '../src/app/apply-in-portions.ts';
import { watchApplied } from '../src/app/await-applied.ts';
import { makeConversationQueue } from '../src/app/conversation-queue.ts';
import { rememberImpersonal } from '../src/app/extraction/impersonal-questions.ts';
import { fitPage } from '../src/app/fit-page.ts';
import type { ConversationKey, LoggedEvent } from '../src/app/follow-conversation.ts';
import { gatherEvents } from '../src/app/gather-events.ts';
import { readCursor, writeCursor } from '../src/app/page-cursor.ts';
import { markPieces, searchTerms } from '../src/app/search-terms.ts';
import { storableJson, storableText } from '../src/app/storable-text.ts';
import { asked, completed, type EventDraft } from './event-drafts.ts';

test('a question is taken apart into words and pairs of unspaced characters', () => {
  const cases: readonly [string, readonly string[], readonly string[]][] = [
    ['Where is Greta’s Violin?', ['where', 'is', 'greta', 's', 'violin'], []],
    ['one One ONE', ['one'], []],
    ['GPT 与机器学习', ['gpt'], ['与机', '机器', '器学', '学习']],
    ['水', [], ['水']],
    ['naïve Übung 42', ['naïve', 'übung', '42'], []],
    ["'; -- & | ! ( ) : * %", [], []],
  ];
  for (const [query, words, pieces] of cases) {
    assert.deepEqual(searchTerms(query), { words, pieces });
  }
  assert.equal(
    searchTerms(Array.from({ length: 99 }, (_, index) => `w${index}`).join(' ')).words.length,
    32,
  );
});

test('found pieces are marked once where they overlap or touch', () => {
  assert.equal(markPieces('在学习机器学习。', ['机器', '器学', '学习']), '在«学习机器学习»。');
  assert.equal(markPieces('abcab', ['ab']), '«ab»c«ab»');
  assert.equal(markPieces('nothing', ['x']), 'nothing');
});

test('what PostgreSQL refuses becomes U+FFFD and everything else stays', () => {
  assert.equal(storableText('a\0b\ud83dc😀'), 'a\ufffdb\ufffdc😀');
  const value = { 'k\0': ['a\0', 'b\udc00', '\\u0000', '\\\\u0000', '😀', 'é\n'] };
  assert.deepEqual(JSON.parse(storableJson(value)), {
    'k\ufffd': ['a\ufffd', 'b\ufffd', '\\u0000', '\\\\u0000', '😀', 'é\n'],
  });
});

test('a page ends before it is too large for the bus, but never before its first item', () => {
  const big = 'x'.repeat(500_000);
  assert.equal(fitPage([big, big, big]).length, 1);
  assert.equal(fitPage([big + big, 'y']).length, 1);
  assert.equal(fitPage(['a', 'b']).length, 2);
  assert.equal(fitPage([]).length, 0);
});

test('a cursor comes back as it was, and a foreign one is refused', () => {
  const cursor = { updatedAt: '2026-08-01T10:00:00.123Z', id: 'abc', isPinned: true };
  assert.deepEqual(readCursor(writeCursor(cursor)), cursor);
  for (const text of [
    '',
    'abc',
    writeCursor({ updatedAt: 'yesterday', id: 'abc', isPinned: true }),
  ]) {
    assert.throws(() => readCursor(text), { code: 'bad_request' });
  }
});

test('work on one conversation goes in order and survives a failure, other work goes beside it', async () => {
  const queue = makeConversationQueue();
  const done: string[] = [];
  const work = (name: string, ms: number) => async () => {
    await delay(ms);
    done.push(name);
    if (name === 'a1') throw new RangeError('on purpose');
  };
  const first = queue.run('a', work('a1', 60));
  const second = queue.run('a', work('a2', 0));
  await queue.run('b', work('b1', 10));
  await assert.rejects(first, RangeError);
  await second;
  assert.deepEqual(done, ['b1', 'a1', 'a2']);
});

test('a reader wakes at the note of its conversation', { timeout: 10_000 }, async () => {
  const watch = watchApplied(60_000);
  const key = { userId: 'ada', conversationId: 'c1' };
  let seq = 0;
  const read = async () => (seq === 0 ? undefined : seq);
  const reading = watch.until(key, read, new AbortController().signal);
  await delay(5);
  seq = 7;
  watch.note({ userId: 'bob', conversationId: 'c1' });
  watch.note(key);
  assert.equal(await reading, 7);
});

const ada = { userId: 'ada', conversationId: 'c1' };

/** What was worked on, as lists of numbers, and a gatherer whose turns last for ever. */
function gathering(mostWaiting = 96) {
  const worked: number[][] = [];
  const work = async (_key: object, events: readonly LoggedEvent[]) => {
    worked.push(events.map(({ event }) => event.seq));
    return events.at(-1)?.event.seq ?? 0;
  };
  return { worked, gatherer: gatherEvents(work, { turnMs: 60_000, otherMs: 1, mostWaiting }) };
}

function logged(seq: number, draft: EventDraft): LoggedEvent {
  const place = { conversationId: 'c1', seq, at: new Date().toISOString() };
  return { event: { ...draft, ...place } as ConversationEvent, streamSeq: seq };
}

test('the events of a turn are worked on together once it has ended', async () => {
  const { gatherer, worked } = gathering();
  const first = gatherer.add(ada, logged(2, asked('m', 'one')));
  await delay(5);
  await gatherer.add(ada, logged(3, completed('r', 'm', 'two')));
  assert.deepEqual(worked, [[2, 3]]);
  assert.equal(await first, 3);
});

test('who waits for an event ends its gathering, and not that of later ones', async () => {
  const { gatherer, worked } = gathering();
  void gatherer.add(ada, logged(2, asked('m', 'one')));
  await gatherer.hurry(ada, 1);
  assert.deepEqual(worked, []);
  await gatherer.hurry(ada, 2);
  assert.deepEqual(worked, [[2]]);
  await gatherer.hurry(ada, 2);
  assert.deepEqual(worked, [[2]]);
});

test('neither many events nor long ones are held back', async () => {
  const few = gathering(1);
  const oldest = few.gatherer.add(ada, logged(2, asked('m', 'one')));
  void few.gatherer.add({ ...ada, conversationId: 'c2' }, logged(2, asked('n', 'one')));
  assert.equal(await oldest, 2);
  assert.deepEqual(few.worked, [[2]]);
  const long = gathering();
  assert.equal(await long.gatherer.add(ada, logged(2, asked('m', 'x'.repeat(64_000)))), 2);
});

test('a question that says nothing of who asked it is known to, and only for that person', () => {
  const questions = rememberImpersonal(2);
  const hear = (messageId: string, text: string) =>
    questions.hear(ada, logged(2, asked(messageId, text)).event);
  hear('a', 'What is the capital of Australia?');
  hear('b', 'What is my name?');
  assert.equal(questions.has(ada, 'a'), true);
  assert.equal(questions.has({ ...ada, userId: 'bob' }, 'a'), false);
  assert.equal(questions.has(ada, 'b'), false);
  hear('c', 'How tall is it?');
  hear('d', 'How old is it?');
  assert.equal(questions.has(ada, 'a'), false);
});

test('a conversation is awaited while somebody did not find what they want, not while they look', async () => {
  const watch = watchApplied(60_000);
  const seen: boolean[] = [];
  let isThere = false;
  const read = async () => {
    seen.push(watch.isAwaited(ada));
    return isThere || undefined;
  };
  const reading = watch.until(ada, read, new AbortController().signal);
  await delay(5);
  assert.equal(watch.isAwaited(ada), true);
  isThere = true;
  watch.note(ada);
  await reading;
  assert.equal(watch.isAwaited(ada), false);
  assert.deepEqual(seen, [false, false]);
});

test('a long log is written in portions, each a transaction, and no further than a gap', async () => {
  const events = Array.from({ length: 40 }, (_, index) => logged(index + 1, asked('m', 'one')));
  const writeUpTo = async (most: number) => {
    const sizes: number[] = [];
    const apply = async (_key: ConversationKey, portion: readonly LoggedEvent[]) => {
      sizes.push(portion.length);
      const seq = Math.min(most, portion.at(-1)?.event.seq ?? 0);
      return { seq, streamSeq: seq };
    };
    return { reached: await applyInPortions(apply, ada, events), sizes };
  };
  assert.deepEqual(await writeUpTo(40), {
    reached: { seq: 40, streamSeq: 40 },
    sizes: [16, 16, 8],
  });
  assert.deepEqual(await writeUpTo(20), { reached: { seq: 20, streamSeq: 20 }, sizes: [16, 16] });
});
