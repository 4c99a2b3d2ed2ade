import assert from 'node:assert/strict';
import { after, before, beforeEach, test } from 'node:test';
import {
  channelHello,
  listRules,
  MosaicError,
  makeId,
  searchConversations,
  setQueuePaused,
  sweepRetention,
} from '@mosaic/proto';
import { type Bus, type BusLog, bridgeCredentials, connectBus } from '@mosaic/service-kit';
import { waitFor } from '@mosaic/test-kit';
import { type RealBus, startRealBus } from '@mosaic/test-kit/bus';

const noHits = { hits: [] };
const silence = () => {};

let real: RealBus;
let gateway: Bus;
let memory: Bus;
let jobs: Bus;
let search: (query: string, signal: AbortSignal) => Promise<unknown>;
const logged: object[] = [];
const log: BusLog = {
  debug: silence,
  info: silence,
  warn: silence,
  error: (fields) => logged.push(fields),
};
const member = () => ({ caller: real.person('mia') });

before(async () => {
  real = await startRealBus();
  gateway = await real.connect('gateway');
  jobs = await real.connect('jobs');
  memory = await real.connect('memory', { log });
  memory.handle(searchConversations, async ({ query }, { signal }) => {
    return (await search(query, signal)) as { hits: [] };
  });
  memory.handle(sweepRetention, async (_request, { caller }) => ({
    users: caller.role === 'service' ? 1 : 0,
    conversations: 0,
  }));
  jobs.handle(setQueuePaused, async ({ isPaused }) => ({ isPaused }));
  await Promise.all([memory.flush(), jobs.flush()]);
});
after(() => real.stop());
beforeEach(() => {
  logged.length = 0;
  search = async () => noHits;
});

test('answers a question with the defaults of its contract filled in', async () => {
  const { hits } = await gateway.call(searchConversations, { query: 'x' }, member());
  assert.deepEqual(hits, []);
});

test('refuses a request that is not of the contract before it leaves', async () => {
  const refused = gateway.call(searchConversations, { query: '' }, member());
  await assert.rejects(refused, (thrown) => {
    assert.ok(thrown instanceof MosaicError);
    assert.equal(thrown.code, 'bad_request');
    assert.match(JSON.stringify(thrown.details), /"path":\["query"\]/);
    return true;
  });
});

test('leaves out unknown fields of a request and takes the rest', async () => {
  const seen: unknown[] = [];
  search = async (query) => {
    seen.push(query);
    return { hits: [], extra: 'unknown' };
  };
  const request = { query: 'x', fromTheFuture: true } as { query: string };
  assert.deepEqual(await gateway.call(searchConversations, request, member()), { hits: [] });
  assert.deepEqual(seen, ['x']);
});

test('gives an error of the catalogue back with its code, message and details', async () => {
  search = async () => {
    throw new MosaicError('not_found', 'Ünknown\nthing', { details: { id: 7 } });
  };
  await assert.rejects(gateway.call(searchConversations, { query: 'x' }, member()), (thrown) => {
    assert.ok(thrown instanceof MosaicError);
    assert.equal(thrown.code, 'not_found');
    assert.equal(thrown.message, 'Ünknown\nthing');
    assert.deepEqual(thrown.details, { id: 7 });
    return true;
  });
});

test('keeps the text of an unknown error in the log of the service', async () => {
  search = async () => {
    throw new Error('password=hunter2');
  };
  await assert.rejects(gateway.call(searchConversations, { query: 'x' }, member()), (thrown) => {
    assert.ok(thrown instanceof MosaicError);
    assert.equal(thrown.code, 'internal');
    assert.doesNotMatch(`${thrown.message}${JSON.stringify(thrown.details)}`, /hunter2/);
    return true;
  });
  const [line] = logged as { err?: Error }[];
  assert.match(String(line?.err), /hunter2/);
});

test('turns a reply that is not of the contract into internal', async () => {
  search = async () => ({ hits: 'none' });
  const refused = gateway.call(searchConversations, { query: 'x' }, member());
  await assert.rejects(refused, { code: 'internal' });
});

test('says service_unavailable at once when nobody serves', async () => {
  // Who waited would hear deadline_exceeded.
  const refused = gateway.call(listRules, {}, { ...member(), timeoutMs: 60_000 });
  await assert.rejects(refused, { code: 'service_unavailable' });
});

test('says deadline_exceeded and aborts the handler at the deadline', async () => {
  let reason: unknown;
  search = async (_query, signal) => {
    await new Promise((resolve) => signal.addEventListener('abort', resolve));
    reason = signal.reason;
    return noHits;
  };
  const late = gateway.call(searchConversations, { query: 'x' }, { ...member(), timeoutMs: 80 });
  await assert.rejects(late, { code: 'deadline_exceeded' });
  await waitFor(() => reason !== undefined, { timeoutMs: 30_000 });
  assert.ok(reason instanceof MosaicError);
  assert.equal(reason.code, 'deadline_exceeded');
});

test('says cancelled as soon as the caller aborts', async () => {
  const asked = Promise.withResolvers<void>();
  const released = Promise.withResolvers<void>();
  search = async () => {
    asked.resolve();
    await released.promise;
    return noHits;
  };
  const abort = new AbortController();
  const wish = { ...member(), signal: abort.signal, timeoutMs: 60_000 };
  const aborted = gateway.call(searchConversations, { query: 'x' }, wish);
  await asked.promise;
  abort.abort();
  await assert.rejects(aborted, { code: 'cancelled' });
  released.resolve();
});

test('refuses what is too large in both directions and stays connected', async () => {
  const hit = { conversationId: 'c', title: null, messageId: 'm', role: 'user' as const };
  const at = new Date().toISOString();
  search = async () => ({ hits: [{ ...hit, snippet: 'x'.repeat(1_100_000), at, score: 1 }] });
  const large = gateway.call(searchConversations, { query: 'x' }, member());
  await assert.rejects(large, { code: 'body_too_large' });
  search = async () => noHits;
  await gateway.call(searchConversations, { query: 'y' }, member());
  assert.ok(memory.isConnected);
});

test('asks for a person where the contract does', async () => {
  const anonymous = gateway.call(searchConversations, { query: 'x' });
  await assert.rejects(anonymous, { code: 'unauthenticated' });
  const pause = { queue: 'q', isPaused: true };
  await assert.rejects(gateway.call(setQueuePaused, pause, member()), { code: 'forbidden' });
  assert.deepEqual(
    await gateway.call(setQueuePaused, pause, { caller: real.person('ada', 'admin') }),
    {
      isPaused: true,
    },
  );
});

test('refuses a caller that the gateway did not sign', async () => {
  const member = real.person('mia');
  const [payload, signature] = member.token.split('.');
  const forged = Buffer.from(JSON.stringify({ userId: 'eva', role: 'admin', iat: 1 }));
  for (const token of [`${forged.toString('base64url')}.${signature}`, `${payload}.AAAA`, 'x']) {
    const caller = { ...member, token };
    const refused = gateway.call(searchConversations, { query: 'x' }, { caller });
    await assert.rejects(refused, { code: 'unauthenticated' });
  }
});

test('needs no person where a service may ask on its own account', async () => {
  const request = { untouchedSince: null };
  assert.equal((await jobs.call(sweepRetention, request)).users, 1);
  assert.equal((await jobs.call(sweepRetention, request, member())).users, 0);
});

test('hands the tokens of the subject and the trace to the handler', async () => {
  const seen = Promise.withResolvers<{ channelId: string | undefined; trace: string }>();
  gateway.handle(channelHello, async (_request, { tokens, trace }) => {
    seen.resolve({ channelId: tokens['channelId'], trace });
    return { protocol: 1, heartbeatMs: 1_000, maxTextChars: 1_000 };
  });
  await gateway.flush();
  const expiresAt = new Date(Date.now() + 60_000);
  const bridge = await connectBus({
    url: real.url,
    principal: 'bridge-irc1',
    credentials: await bridgeCredentials(real.keys, 'irc1', { expiresAt }),
    callerKeys: real.keys.caller,
  });
  const trace = `00-${'a'.repeat(32)}-${'b'.repeat(16)}-01`;
  const hello = {
    v: 1 as const,
    id: makeId(),
    channelId: 'irc1',
    at: new Date().toISOString(),
    bridge: { name: 'irc', version: '1.0.0' },
    capabilities: {
      streaming: 'none' as const,
      markdown: 'none' as const,
      maxTextChars: 400,
      threads: false,
      idempotentSend: false,
    },
  };
  await bridge.call(channelHello, hello, { tokens: { channelId: 'irc1' }, trace });
  assert.deepEqual(await seen.promise, { channelId: 'irc1', trace });
  await bridge.drain();
});
