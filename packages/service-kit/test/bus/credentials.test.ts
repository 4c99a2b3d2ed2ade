import assert from 'node:assert/strict';
import { createConnection } from 'node:net';
import { after, before, describe, test } from 'node:test';
import { setTimeout as pause } from 'node:timers/promises';
import {
  allContracts,
  bridgeConsumer,
  channelOutbound,
  inbox,
  listModels,
  listRules,
  makeId,
  searchConversations,
  streamCompletion,
  subjectFilter,
} from '@mosaic/proto';
import {
  assertServed,
  type Bus,
  bridgeCredentials,
  connectBus,
  makeCallerKeys,
  serviceCredentials,
  signCaller,
  verifyCaller,
} from '@mosaic/service-kit';
import { waitFor } from '@mosaic/test-kit';
import { type RealBus, startRealBus } from '@mosaic/test-kit/bus';
import { connect, credsAuthenticator, type NatsConnection } from '@nats-io/transport-node';

const noRules = { rules: [], policyVersion: '1' };

const open = async (url: string, credentials: string, inboxPrefix: string) =>
  connect({
    servers: url,
    inboxPrefix,
    authenticator: credsAuthenticator(new TextEncoder().encode(credentials)),
  });

/** Subjects that the server refused while `act` ran. */
async function refusals(connection: NatsConnection, act: () => void): Promise<Set<string>> {
  const refused = new Set<string>();
  const statuses = connection.status();
  const following = (async () => {
    for await (const status of statuses) {
      if (status.type !== 'error') continue;
      const subject = /"([^"]+)"/.exec(status.error.message)?.[1];
      if (subject !== undefined) refused.add(subject);
    }
  })();
  act();
  await connection.flush();
  await pause(50);
  await connection.close();
  await following;
  return refused;
}

describe('the signed caller', () => {
  const keys = makeCallerKeys();

  test('says who signed and for whom', () => {
    const { token } = signCaller(keys.seed, { userId: 'mia', role: 'member', via: 'tui' });
    const caller = verifyCaller(keys.publicKey, token);
    assert.deepEqual(caller, { userId: 'mia', role: 'member', via: 'tui', token });
  });

  test('is refused when altered or signed by another key', () => {
    const { token } = signCaller(keys.seed, { userId: 'mia', role: 'member' });
    const [payload = '', signature] = token.split('.');
    const claims = JSON.parse(Buffer.from(payload, 'base64url').toString());
    const raised = Buffer.from(JSON.stringify({ ...claims, role: 'admin' })).toString('base64url');
    const other = signCaller(makeCallerKeys().seed, { userId: 'mia', role: 'member' }).token;
    for (const wrong of [`${raised}.${signature}`, other, `${token}.x`, payload, '']) {
      assert.throws(() => verifyCaller(keys.publicKey, wrong), { code: 'unauthenticated' });
    }
  });
});

describe('credentials', () => {
  let real: RealBus;
  before(async () => {
    real = await startRealBus();
  });
  after(() => real.stop());
  const bridge = (channelId: string, lifetimeMs = 60_000) =>
    bridgeCredentials(real.keys, channelId, { expiresAt: new Date(Date.now() + lifetimeMs) });

  test('let no service publish or ask outside its contracts', async () => {
    const router = await real.connect('router');
    const tokens = { userId: 'mia', conversationId: 'c' };
    const fact = {
      conversationId: 'c',
      messageId: makeId(),
      text: 'x',
      acceptedAt: new Date().toISOString(),
    };
    await assert.rejects(router.publish(inbox, fact, { tokens }), { code: 'forbidden' });
    const asked = router.call(searchConversations, { query: 'x' }, { caller: real.person('mia') });
    await assert.rejects(asked, { code: 'forbidden' });
    const request = {
      candidates: [{ provider: 'zai' as const, model: 'm' }],
      system: null,
      turns: [{ role: 'user' as const, content: [{ type: 'text' as const, text: 'x' }] }],
    };
    const memory = await real.connect('memory');
    const caller = real.person('mia');
    for await (const part of memory.stream(streamCompletion, request, { caller })) {
      assert.equal(part.type === 'error' && part.failure.code, 'forbidden');
    }
  });

  test("let nobody listen to another principal's answers", async () => {
    const router = await open(
      real.url,
      await serviceCredentials(real.keys, 'router'),
      '_INBOX.router',
    );
    const refused = await refusals(router, () => {
      for (const subject of ['_INBOX.gateway.>', '_INBOX.>', '>']) {
        router.subscribe(subject, { callback: () => {} });
      }
    });
    assert.deepEqual([...refused].toSorted(), ['>', '_INBOX.>', '_INBOX.gateway.>']);
  });

  test("keep a bridge to its own channel's subjects in the whole catalogue", async () => {
    const foreign = Object.values(allContracts).flatMap((contract) => [
      subjectFilter(contract.subject, { channelId: 'other' }).replaceAll('*', 'x'),
    ]);
    const connection = await open(real.url, await bridge('mine'), '_INBOX.bridge.mine');
    const refused = await refusals(connection, () => {
      for (const subject of foreign) connection.publish(subject, '{}');
    });
    assert.deepEqual([...refused].toSorted(), [...new Set(foreign)].toSorted());
    assert.ok(foreign.length > 25);
    const listener = await open(real.url, await bridge('mine'), '_INBOX.bridge.mine');
    const wanted = [...foreign, '$SRV.>', '$JS.>', '_INBOX.bridge.other.>', '>'];
    const deaf = await refusals(listener, () => {
      for (const subject of wanted) listener.subscribe(subject, { callback: () => {} });
    });
    assert.deepEqual([...deaf].toSorted(), [...new Set(wanted)].toSorted());
  });

  test('let a bridge read its own channel by the consumer that the gateway made', async () => {
    const gateway = await real.connect('gateway');
    const tokens = { channelId: 'irc1' };
    const durable = bridgeConsumer('irc1');
    const options = { durable, tokens, ackWaitMs: 20_000 };
    await gateway.ensureConsumer(channelOutbound, options);
    await gateway.ensureConsumer(channelOutbound, options);
    const connected = await connectBus({
      url: real.url,
      principal: 'bridge-irc1',
      credentials: await bridge('irc1'),
      callerKeys: real.keys.caller,
    });
    const texts: string[] = [];
    await connected.consume(
      channelOutbound,
      async (delivery) => {
        texts.push(delivery.fact.text);
        delivery.ack();
      },
      { ...options, concurrency: 1 },
    );
    for (const channelId of ['irc1', 'irc2', 'irc1']) {
      const fact = {
        v: 1 as const,
        id: makeId(),
        channelId,
        at: new Date().toISOString(),
        place: { room: '#mosaic' },
        isFinal: true,
        kind: 'answer' as const,
        text: `for ${channelId}`,
      };
      await gateway.publish(channelOutbound, fact, { tokens: { channelId } });
    }
    await waitFor(() => texts.length === 2, { timeoutMs: 30_000 });
    assert.deepEqual(texts, ['for irc1', 'for irc1']);
    await connected.drain();
  });

  test('cut a bridge off when they expire, and do not let it in again', async () => {
    const connected = await connectBus({
      url: real.url,
      principal: 'bridge-short',
      credentials: await bridge('short', 5_000),
      callerKeys: real.keys.caller,
    });
    assert.ok(connected.isConnected);
    await waitFor(() => !connected.isConnected, { timeoutMs: 30_000 });
    await pause(1_000);
    assert.equal(connected.isConnected, false);
    const late = connectBus({
      url: real.url,
      principal: 'bridge-short',
      credentials: await bridge('short', -1_000),
      callerKeys: real.keys.caller,
    });
    await assert.rejects(late, { code: 'unauthenticated' });
    await connected.drain();
  });
});

describe('the check at the start', () => {
  let real: RealBus;
  let router: Bus;
  before(async () => {
    real = await startRealBus();
    router = await real.connect('router');
  });
  after(() => real.stop());

  test('names what has no handler, and the call that adds one', () => {
    router.handle(listRules, async () => noRules);
    assert.throws(() => assertServed(router, 'router'), /bus\.handle\(decideRoute, …\)/);
  });

  test('refuses a second handler and a contract of another service', () => {
    const again = () => router.handle(listRules, async () => noRules);
    assert.throws(again, { code: 'bad_configuration' });
    const foreign = () => router.handle(listModels, async () => ({ models: [] }));
    assert.throws(foreign, { code: 'bad_configuration' });
  });

  test('everybody who runs is found, with statistics of what they served', async () => {
    const gateway = await real.connect('gateway', { instanceName: 'gateway-1' });
    await gateway.call(listRules, {}, { caller: real.person('mia') });
    // Whoever answers later than that is asked again.
    const found = await waitFor(
      async () => {
        const all = await gateway.discover(150);
        return all.length === 2 && all;
      },
      { timeoutMs: 30_000 },
    );
    assert.deepEqual(
      found.map(({ name }) => name),
      ['gateway', 'router'],
    );
    assert.equal(found[0]?.metadata['instance'], 'gateway-1');
    const raw = await open(
      real.url,
      await serviceCredentials(real.keys, 'gateway'),
      '_INBOX.gateway',
    );
    const reply = await raw.request('$SRV.STATS.router', '', { timeout: 30_000 });
    const stats = reply.json<{ endpoints: { name: string; num_requests: number }[] }>();
    const rules = stats.endpoints.find(({ name }) => name.startsWith('router-'));
    assert.equal(rules?.num_requests, 1);
    await raw.close();
  });
});

test('a program that is too busy to sign in within the first seconds is not refused', async () => {
  const server = await startRealBus();
  const socket = createConnection(Number(new URL(server.url).port), '127.0.0.1');
  let said = '';
  socket.on('data', (piece) => {
    said += String(piece);
  });
  // The server gives two seconds by itself.
  await pause(2_500);
  assert.match(said, /^INFO /);
  assert.doesNotMatch(said, /-ERR/);
  socket.destroy();
  await server.stop();
});
