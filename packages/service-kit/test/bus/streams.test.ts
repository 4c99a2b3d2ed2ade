import assert from 'node:assert/strict';
import { after, before, beforeEach, test } from 'node:test';
import { setTimeout as pause } from 'node:timers/promises';
import {
  busHeaders,
  type CompletionPart,
  MosaicError,
  noUsage,
  streamCompletion,
  streamControlSubject,
  subjectFor,
} from '@mosaic/proto';
import { type Bus, type CallOptions, type Received, serviceCredentials } from '@mosaic/service-kit';
import { waitFor } from '@mosaic/test-kit';
import { type RealBus, startRealBus } from '@mosaic/test-kit/bus';
import { connect, credsAuthenticator, headers } from '@nats-io/transport-node';

const request = {
  candidates: [{ provider: 'anthropic' as const, model: 'm' }],
  system: null,
  turns: [{ role: 'user' as const, content: [{ type: 'text' as const, text: 'hi' }] }],
};
const text = (value: string): CompletionPart => ({ type: 'text', text: value });
const end: CompletionPart = {
  type: 'end',
  stop: { unified: 'stop', raw: 'stop' },
  usage: noUsage,
  cost: { usd: null, source: 'unknown' },
  timings: { firstTokenMs: 1, totalMs: 1 },
};

/** `text x`, `end` … or `error <code> <phase>`, for short comparisons. */
function shown(part: CompletionPart): string {
  if (part.type === 'text') return part.text;
  return part.type === 'error' ? `${part.failure.code} ${part.phase}` : part.type;
}

let real: RealBus;
let agents: Bus;
let providers: Bus;
let complete: (received: Received) => AsyncIterable<CompletionPart>;

/** Short enough to see silence pass; who is told to stop has as long as in earnest, and longer. */
const timings = {
  heartbeatMs: 60,
  silenceMs: 1_000,
  aliveMs: 60,
  abandonedMs: 1_000,
  lastWordMs: 10_000,
};
const read = async (options: CallOptions = {}, bus = agents) => {
  const parts: string[] = [];
  const stream = bus.stream(streamCompletion, request, {
    caller: real.person('mia'),
    ...options,
  });
  for await (const part of stream) parts.push(shown(part));
  return parts;
};

/** Reads, and cancels at the first part. */
async function cancelAtFirst(bus: Bus) {
  const abort = new AbortController();
  const parts: string[] = [];
  const options = { caller: real.person('mia'), signal: abort.signal };
  for await (const part of bus.stream(streamCompletion, request, options)) {
    parts.push(shown(part));
    abort.abort();
  }
  return parts;
}

/** A handler that says one word and is not done before it is released, whatever it is told. */
function stubborn() {
  const released = Promise.withResolvers<void>();
  return {
    release: () => released.resolve(),
    async *handler(): AsyncGenerator<CompletionPart> {
      yield text('a');
      await released.promise;
      yield end;
    },
  };
}

before(async () => {
  real = await startRealBus();
  agents = await real.connect('agents', { timings });
  providers = await real.connect('providers', { timings });
  providers.handleStream(streamCompletion, (_request, received) => complete(received));
  await providers.flush();
});
after(() => real.stop());
beforeEach(async () => {
  await waitFor(() => providers.inFlight === 0, { timeoutMs: 30_000 });
});

test('brings 5,000 parts in order, the last one terminal', async () => {
  complete = async function* () {
    for (let number = 0; number < 4_999; number += 1) yield text(String(number));
    yield end;
  };
  const parts = await read();
  assert.equal(parts.length, 5_000);
  assert.deepEqual(
    parts.slice(0, -1),
    Array.from({ length: 4_999 }, (_, number) => `${number}`),
  );
  assert.equal(parts.at(-1), 'end');
});

test('brings nothing that the handler yields after its terminal part', async () => {
  complete = async function* () {
    yield text('a');
    yield end;
    yield text('never');
  };
  assert.deepEqual(await read(), ['a', 'end']);
});

test('ends with one failed part when the handler throws, in either phase', async () => {
  // biome-ignore lint/correctness/useYield: it fails before it yields
  complete = async function* () {
    throw new Error('secret');
  };
  assert.deepEqual(await read(), ['internal before-first-part']);
  complete = async function* () {
    yield text('a');
    throw new Error('secret');
  };
  assert.deepEqual(await read(), ['a', 'internal after-first-part']);
});

test('ends with internal when the handler forgets its last part or yields a wrong one', async () => {
  complete = async function* () {
    yield text('a');
  };
  assert.deepEqual(await read(), ['a', 'internal after-first-part']);
  complete = async function* () {
    yield { type: 'text', text: 7 } as unknown as CompletionPart;
    yield end;
  };
  assert.deepEqual(await read(), ['internal before-first-part']);
});

test('ends with the failure, without throwing, when it can not start', async () => {
  complete = async function* () {
    yield end;
  };
  const anonymous = { caller: { ...real.person('mia'), token: '' } };
  assert.deepEqual(await read(anonymous), ['unauthenticated before-first-part']);
  const wrong = { ...request, turns: [] };
  const parts: string[] = [];
  for await (const part of agents.stream(streamCompletion, wrong, { caller: real.person('mia') })) {
    parts.push(shown(part));
  }
  assert.deepEqual(parts, ['bad_request before-first-part']);
});

test('stays alive through a silence longer than the reader would bear', async () => {
  complete = async function* () {
    yield text('a');
    await pause(2.5 * timings.silenceMs);
    yield end;
  };
  assert.deepEqual(await read(), ['a', 'end']);
});

test('tells the handler that the reader stopped early, who need not be missed first', async () => {
  const aborted = Promise.withResolvers<unknown>();
  complete = async function* ({ signal }) {
    signal.addEventListener('abort', () => aborted.resolve(signal.reason));
    for (;;) {
      yield text('a');
      await pause(5);
      if (signal.aborted) return;
    }
  };
  const caller = real.person('mia');
  for await (const part of agents.stream(streamCompletion, request, { caller })) {
    assert.equal(shown(part), 'a');
    break;
  }
  const reason = await aborted.promise;
  assert.ok(reason instanceof MosaicError && reason.code === 'cancelled');
  assert.doesNotMatch(reason.message, /went away/);
});

test('lets a cancelled handler have the last word, with what was used', async () => {
  complete = async function* ({ signal }) {
    yield text('a');
    await new Promise((resolve) => signal.addEventListener('abort', resolve));
    yield { ...end, stop: { unified: 'other', raw: 'cancelled' } };
  };
  assert.deepEqual(await cancelAtFirst(agents), ['a', 'end']);
});

test('ends a cancelled stream when the handler does not listen', async () => {
  const { handler, release } = stubborn();
  complete = handler;
  const hasty = await real.connect('agents', { timings: { ...timings, lastWordMs: 50 } });
  assert.deepEqual(await cancelAtFirst(hasty), ['a', 'cancelled after-first-part']);
  release();
});

test('ends at the deadline with deadline_exceeded, whatever the handler does', async () => {
  const { handler, release } = stubborn();
  complete = handler;
  const hasty = await real.connect('agents', { timings: { ...timings, lastWordMs: 50 } });
  assert.deepEqual(await read({ timeoutMs: 1_000 }, hasty), [
    'a',
    'deadline_exceeded after-first-part',
  ]);
  release();
});

test('says service_unavailable when nobody serves', async () => {
  const { stop, connect, person } = await startRealBus();
  const alone = await connect('agents');
  const parts: string[] = [];
  for await (const part of alone.stream(streamCompletion, request, { caller: person('mia') })) {
    parts.push(shown(part));
  }
  assert.deepEqual(parts, ['service_unavailable before-first-part']);
  await stop();
});

test('cuts a stream whose last part is too large with body_too_large', async () => {
  complete = async function* () {
    yield text('a');
    yield text('x'.repeat(1_100_000));
    yield end;
  };
  assert.deepEqual(await read(), ['a', 'body_too_large after-first-part']);
});

test('runs many streams at once without mixing them', async () => {
  complete = async function* () {
    for (let number = 0; number < 20; number += 1) {
      yield text(`${number}`);
      await pause(2);
    }
    yield end;
  };
  const all = await Promise.all(Array.from({ length: 50 }, () => read()));
  const want = [...Array.from({ length: 20 }, (_, number) => `${number}`), 'end'];
  for (const parts of all) assert.deepEqual(parts, want);
});

/** A connection under the bus, to send what the bus itself never would. */
async function openRaw(name: 'agents' | 'providers') {
  return connect({
    servers: real.url,
    inboxPrefix: `_INBOX.${name}`,
    authenticator: credsAuthenticator(Buffer.from(await serviceCredentials(real.keys, name))),
  });
}

test('says service_lost when a part was lost on the way', async () => {
  await providers.drain();
  const raw = await openRaw('providers');
  raw.subscribe(subjectFor(streamCompletion.subject), {
    callback: (_error, message) => {
      for (const number of [1, 3]) {
        const made = headers();
        made.set(busHeaders.partKind, 'part');
        made.set(busHeaders.partNumber, String(number));
        message.respond(JSON.stringify(text(`${number}`)), { headers: made });
      }
    },
  });
  await raw.flush();
  assert.deepEqual(await read(), ['1', 'service_lost after-first-part']);
  await raw.close();
});

/** The messages of one stream as they are on the wire, asked for with these headers. */
async function messagesOf(extra: Readonly<Record<string, string>>) {
  const raw = await openRaw('agents');
  const made = headers();
  for (const [name, value] of Object.entries(extra)) made.set(name, value);
  made.set(busHeaders.stream, 'raw');
  made.set(busHeaders.caller, real.person('mia').token);
  const inbox = '_INBOX.agents.raw';
  const messages: { first: number; parts: readonly CompletionPart[] }[] = [];
  const ended = Promise.withResolvers<void>();
  raw.subscribe(inbox, {
    callback(_error, message) {
      const body = message.json<CompletionPart | CompletionPart[]>();
      const parts = Array.isArray(body) ? body : [body];
      messages.push({ first: Number(message.headers?.get(busHeaders.partNumber)), parts });
      if (message.headers?.get(busHeaders.partKind) === 'end') ended.resolve();
    },
  });
  const subject = subjectFor(streamCompletion.subject);
  raw.publish(subject, JSON.stringify(request), { headers: made, reply: inbox });
  await ended.promise;
  await raw.close();
  return messages;
}

test('parts of one moment go in one message, and each in its own to a reader that does not know that', async () => {
  const fresh = await real.connect('providers', { timings });
  const large = 'x'.repeat(40_000);
  fresh.handleStream(streamCompletion, async function* (): AsyncGenerator<CompletionPart> {
    yield* [text('a'), text('b'), text(large), text('c')];
    await pause(20);
    yield* [text('d'), end];
  });
  await fresh.flush();
  const together = await messagesOf({ [busHeaders.parts]: 'several' });
  const short = together.map(({ first, parts }) => [
    first,
    parts.map(shown).map((one) => one.slice(0, 5)),
  ]);
  assert.deepEqual(short, [
    [1, ['a', 'b']],
    [3, ['xxxxx']],
    [4, ['c']],
    [5, ['d', 'end']],
  ]);
  const single = await messagesOf({});
  assert.deepEqual(
    single.map(({ first, parts }) => [first, parts.length]),
    [1, 2, 3, 4, 5, 6].map((number) => [number, 1]),
  );
  assert.deepEqual(await read(), ['a', 'b', large, 'c', 'd', 'end']);
  await fresh.drain();
});

test('does not start a stream whose cancel came before it', async () => {
  let hasStarted = false;
  const fresh = await real.connect('providers', { timings });
  fresh.handleStream(streamCompletion, async function* (): AsyncGenerator<CompletionPart> {
    hasStarted = true;
    yield end;
  });
  await fresh.flush();
  const raw = await openRaw('agents');
  const inbox = '_INBOX.agents.raw';
  const kinds = Promise.withResolvers<string | undefined>();
  raw.subscribe(inbox, {
    callback: (_error, message) => kinds.resolve(message.headers?.get(busHeaders.partKind)),
  });
  raw.publish(streamControlSubject(streamCompletion.subject, 'early'), 'cancel');
  const made = headers();
  made.set(busHeaders.stream, 'early');
  made.set(busHeaders.caller, real.person('mia').token);
  const subject = subjectFor(streamCompletion.subject);
  raw.publish(subject, JSON.stringify(request), { headers: made, reply: inbox });
  assert.equal(await kinds.promise, 'error');
  assert.equal(hasStarted, false);
  await raw.close();
});
