import assert from 'node:assert/strict';
import { after, before, describe, test } from 'node:test';
import { setTimeout as pause } from 'node:timers/promises';
import {
  type ConversationEvent,
  cancelTurn,
  conversationLog,
  defineEvent,
  inbox,
  live,
  makeId,
} from '@mosaic/proto';
import {
  type Bus,
  type Delivery,
  makeCallerKeys,
  provisionBus,
  provisionerCredentials,
  signCaller,
} from '@mosaic/service-kit';
import { waitFor } from '@mosaic/test-kit';
import { type RealBus, startRealBus } from '@mosaic/test-kit/bus';
import { z } from 'zod';

const at = new Date().toISOString();
const patience = { timeoutMs: 30_000 };

let real: RealBus;
let gateway: Bus;
let agents: Bus;
let memory: Bus;
let conversations = 0;

/** Tokens of a conversation that no other test uses. */
const freshTokens = () => {
  conversations += 1;
  return { userId: 'mia', conversationId: `c${conversations}` };
};
const message = (conversationId: string, text: string) => ({
  conversationId,
  messageId: makeId(),
  text,
  acceptedAt: at,
});
const renamed = (conversationId: string, seq: number) => ({
  type: 'conversation.renamed' as const,
  conversationId,
  seq,
  at,
  title: `title ${seq}`,
  by: 'user' as const,
});
const append = (tokens: { userId: string; conversationId: string }, seq: number) =>
  agents.publish(conversationLog, renamed(tokens.conversationId, seq), { tokens });
const seqs = async (reading: AsyncIterable<Delivery<ConversationEvent>>) => {
  const found: number[] = [];
  for await (const { fact } of reading) found.push(fact.seq);
  return found;
};

before(async () => {
  real = await startRealBus();
  gateway = await real.connect('gateway');
  agents = await real.connect('agents');
  memory = await real.connect('memory');
});
after(() => real.stop());

test('making the streams and buckets again changes nothing', async () => {
  const tokens = freshTokens();
  await append(tokens, 1);
  await provisionBus({ url: real.url, credentials: await provisionerCredentials(real.keys) });
  assert.equal((await memory.lastOf(conversationLog, tokens))?.fact.seq, 1);
});

test('a fact is stored once however often its message id is sent', async () => {
  const tokens = freshTokens();
  const fact = message(tokens.conversationId, 'hi');
  const options = { tokens, caller: real.person('mia'), messageId: fact.messageId };
  const first = await gateway.publish(inbox, fact, options);
  const second = await gateway.publish(inbox, fact, options);
  assert.equal(first.isDuplicate, false);
  assert.deepEqual(second, { streamSeq: first.streamSeq, isDuplicate: true });
});

test('a stale fenced append is refused with conflict', async () => {
  const tokens = freshTokens();
  const fenced = (seq: number, expectedLastSeq: number) =>
    agents.publish(conversationLog, renamed(tokens.conversationId, seq), {
      tokens,
      expectedLastSeq,
    });
  const { streamSeq } = await fenced(1, 0);
  await fenced(2, streamSeq);
  await assert.rejects(fenced(3, streamSeq), { code: 'conflict' });
  await assert.rejects(fenced(3, 0), { code: 'conflict' });
  assert.equal((await agents.lastOf(conversationLog, tokens))?.fact.seq, 2);
});

test('a fact that is not of its contract does not leave', async () => {
  const tokens = freshTokens();
  const wrong = { ...message(tokens.conversationId, ''), text: '' };
  await assert.rejects(gateway.publish(inbox, wrong, { tokens }), { code: 'bad_request' });
});

test('a fact of a caller that can not be verified is kept, and nobody is trusted for it', async () => {
  const tokens = freshTokens();
  const stranger = signCaller(makeCallerKeys().seed, { userId: 'eva', role: 'admin' });
  const fact = renamed(tokens.conversationId, 1);
  await agents.publish(conversationLog, fact, { tokens, caller: stranger });
  const first = await memory.firstOf(conversationLog, tokens);
  assert.equal(first?.fact.seq, 1);
  assert.deepEqual(first?.caller, { userId: 'service', role: 'service', token: '' });
  const caller = real.person('mia');
  await agents.publish(conversationLog, fact, { tokens, caller });
  const last = await memory.lastOf(conversationLog, tokens);
  assert.deepEqual(last?.caller, caller);
});

test('the first and the last fact of a subject are found, and undefined when there is none', async () => {
  const tokens = freshTokens();
  assert.equal(await memory.firstOf(conversationLog, tokens), undefined);
  assert.equal(await memory.lastOf(conversationLog, tokens), undefined);
  for (const seq of [1, 2, 3]) await append(tokens, seq);
  assert.equal((await memory.firstOf(conversationLog, tokens))?.fact.seq, 1);
  const last = await memory.lastOf(conversationLog, tokens);
  assert.equal(last?.fact.seq, 3);
  assert.deepEqual(last?.tokens, tokens);
});

test('reading until caught up ends, also on an empty subject and behind the last fact', async () => {
  const tokens = freshTokens();
  const options = { tokens, untilCaughtUp: true };
  assert.deepEqual(await seqs(memory.read(conversationLog, options)), []);
  for (let seq = 1; seq <= 300; seq += 1) await append(tokens, seq);
  const all = await seqs(memory.read(conversationLog, options));
  assert.deepEqual(
    all,
    Array.from({ length: 300 }, (_, index) => index + 1),
  );
  const last = await memory.lastOf(conversationLog, tokens);
  const afterStreamSeq = last?.streamSeq ?? 0;
  assert.deepEqual(await seqs(memory.read(conversationLog, { ...options, afterStreamSeq })), []);
  const behind = await seqs(
    memory.read(conversationLog, { ...options, afterStreamSeq: afterStreamSeq - 2 }),
  );
  assert.deepEqual(behind, [299, 300]);
});

test('reading on brings news until the signal', async () => {
  const tokens = freshTokens();
  await append(tokens, 1);
  const stop = new AbortController();
  const found: number[] = [];
  const options = { tokens, untilCaughtUp: false, signal: stop.signal };
  const reading = (async () => {
    for await (const { fact } of memory.read(conversationLog, options)) found.push(fact.seq);
  })();
  await waitFor(() => found.length === 1, patience);
  await append(tokens, 2);
  await waitFor(() => found.length === 2, patience);
  stop.abort();
  await reading;
  assert.deepEqual(found, [1, 2]);
});

test('a purge keeps as many facts as it is told', async () => {
  const tokens = freshTokens();
  for (const seq of [1, 2, 3]) await append(tokens, seq);
  await memory.purge(conversationLog, tokens, 1);
  assert.equal((await memory.firstOf(conversationLog, tokens))?.fact.seq, 3);
  await memory.purge(conversationLog, tokens, 0);
  assert.equal(await memory.lastOf(conversationLog, tokens), undefined);
});

test('live facts reach everybody who listens, and the memory stream', async () => {
  const tokens = freshTokens();
  const heard: string[] = [];
  const other = await real.connect('gateway');
  const listening = [gateway, other].map((bus) =>
    bus.subscribe(live, (fact) => heard.push(fact.text), { tokens }),
  );
  await Promise.all([gateway.flush(), other.flush()]);
  const delta = {
    conversationId: tokens.conversationId,
    run: 'r',
    step: 0,
    kind: 'text' as const,
  };
  agents.publishLive(live, { ...delta, offset: 0, text: 'a' }, { tokens });
  agents.publishLive(live, { ...delta, offset: 1, text: 'b' }, { tokens });
  await waitFor(() => heard.length === 4, patience);
  assert.deepEqual(heard.toSorted(), ['a', 'a', 'b', 'b']);
  await Promise.all(listening.map((one) => one.stop()));
  agents.publishLive(live, { ...delta, offset: 2, text: 'c' }, { tokens });
  // Nothing says when it is stored.
  const kept = await waitFor(async () => {
    const texts: string[] = [];
    for await (const { fact } of gateway.read(live, { tokens, untilCaughtUp: true })) {
      texts.push(fact.text);
    }
    return texts.length > 2 && texts;
  }, patience);
  assert.deepEqual(kept, ['a', 'b', 'c']);
  assert.equal(heard.length, 4);
});

test('a fact for nobody in particular is heard without a stream', async () => {
  const tokens = freshTokens();
  const heard = Promise.withResolvers<string>();
  agents.subscribe(cancelTurn, (fact) => heard.resolve(fact.conversationId));
  await agents.flush();
  const { conversationId } = tokens;
  const { streamSeq } = await gateway.publish(cancelTurn, { conversationId }, { tokens });
  assert.equal(streamSeq, 0);
  assert.equal(await heard.promise, conversationId);
});

describe('consumers', () => {
  /** For what must come again by itself: nothing that is worked on may take so long. */
  const consumerOptions = { durable: 'turns', concurrency: 3, ackWaitMs: 1_500 };

  test('hand out each message once over replicas, never more at a time than allowed', async () => {
    const replica = await real.connect('agents');
    const seen: string[] = [];
    let running = 0;
    let most = 0;
    const work = async (delivery: { fact: { text: string }; ack(): void }) => {
      running += 1;
      most = Math.max(most, running);
      await pause(5);
      running -= 1;
      if (delivery.fact.text.startsWith('n')) seen.push(delivery.fact.text);
      delivery.ack();
    };
    const options = { ...consumerOptions, ackWaitMs: 60_000 };
    const consumers = [
      await agents.consume(inbox, work, options),
      await replica.consume(inbox, work, options),
    ];
    const tokens = freshTokens();
    for (let number = 0; number < 60; number += 1) {
      await gateway.publish(inbox, message(tokens.conversationId, `n${number}`), { tokens });
    }
    await waitFor(() => seen.length >= 60, patience);
    await pause(100);
    assert.equal(new Set(seen).size, 60);
    assert.equal(seen.length, 60);
    assert.ok(most <= 6, `${most} at a time`);
    await Promise.all(consumers.map((one) => one.stop()));
  });

  test('bring a message again when it was not settled, and at once when told so', async () => {
    const tokens = freshTokens();
    const counts: number[] = [];
    const consumer = await agents.consume(
      inbox,
      async (delivery) => {
        counts.push(delivery.deliveryCount);
        if (counts.length === 1) return; // neither settled nor failed
        if (counts.length === 2) throw new Error('failed');
        if (counts.length === 3) delivery.retryLater(10);
        else delivery.ack();
      },
      { ...consumerOptions, durable: 'turns' },
    );
    await gateway.publish(inbox, message(tokens.conversationId, 'again'), { tokens });
    await waitFor(() => counts.length === 4, patience);
    assert.deepEqual(counts, [1, 2, 3, 4]);
    await consumer.stop();
  });

  test('keep a message for who is still working on it', async () => {
    const tokens = freshTokens();
    let deliveries = 0;
    const done = Promise.withResolvers<void>();
    const consumer = await agents.consume(
      inbox,
      async (delivery) => {
        deliveries += 1;
        for (let round = 0; round < 12; round += 1) {
          await pause(200);
          delivery.heartbeat();
        }
        delivery.ack();
        done.resolve();
      },
      consumerOptions,
    );
    await gateway.publish(inbox, message(tokens.conversationId, 'long'), { tokens });
    await done.promise;
    assert.equal(deliveries, 1);
    await consumer.stop();
  });

  test('put a poisoned message aside and go on with the next', async () => {
    const tokens = freshTokens();
    const loose = defineEvent({ ...inbox, fact: z.object({ nonsense: z.boolean() }) });
    await gateway.publish(loose, { nonsense: true }, { tokens });
    const seen: string[] = [];
    const errors: string[] = [];
    const nothing = () => {};
    const log = { debug: nothing, info: nothing, warn: nothing };
    const error = (_fields: object, text: string) => errors.push(text);
    const logging = await real.connect('agents', { log: { ...log, error } });
    const consumer = await logging.consume(
      inbox,
      async (delivery) => {
        seen.push(delivery.fact.text);
        delivery.ack();
      },
      consumerOptions,
    );
    await gateway.publish(inbox, message(tokens.conversationId, 'good'), { tokens });
    await waitFor(() => seen.length === 1, patience);
    // Longer than the acknowledgement time: it must not come again.
    await pause(consumerOptions.ackWaitMs + 200);
    assert.deepEqual(seen, ['good']);
    assert.deepEqual(errors, ['A poisoned message.', 'A delivery was discarded.']);
    await consumer.stop();
  });

  test('stop only when the running handlers have ended, and take nothing more', async () => {
    const tokens = freshTokens();
    let hasEnded = false;
    const seen: string[] = [];
    const consumer = await agents.consume(
      inbox,
      async (delivery) => {
        seen.push(delivery.fact.text);
        await pause(150);
        hasEnded = true;
        delivery.ack();
      },
      consumerOptions,
    );
    await gateway.publish(inbox, message(tokens.conversationId, 'last'), { tokens });
    await waitFor(() => seen.length === 1, patience);
    const stopped = consumer.stop();
    await gateway.publish(inbox, message(tokens.conversationId, 'later'), { tokens });
    await stopped;
    assert.ok(hasEnded);
    await pause(50);
    assert.deepEqual(seen, ['last']);
  });
});

test('a consumer never lets a message wait while there is room, whatever the others take', async () => {
  const tokens = freshTokens();
  const release = Promise.withResolvers<void>();
  const seen: string[] = [];
  const consumer = await agents.consume(
    inbox,
    async (delivery) => {
      seen.push(delivery.fact.text);
      if (delivery.fact.text.startsWith('long')) await release.promise;
      delivery.ack();
    },
    { durable: 'turns', concurrency: 4, ackWaitMs: 20_000 },
  );
  // The short one leaves three of the first four asked for: the long ones take these, and one is free.
  for (const text of ['short', 'long 1', 'long 2', 'long 3', 'next', 'last']) {
    await gateway.publish(inbox, message(tokens.conversationId, text), { tokens });
    // Beside what the tests before have left.
    await waitFor(() => seen.includes(text), patience);
  }
  release.resolve();
  await consumer.stop();
});
