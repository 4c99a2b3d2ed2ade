import assert from 'node:assert/strict';
import { after, before, test } from 'node:test';
import { keyRests, listProviders, streamCompletion } from '@mosaic/proto';
import { type Bus, createLogger, provisionerCredentials, startService } from '@mosaic/service-kit';
import { waitFor } from '@mosaic/test-kit';
import { type RealBus, startRealBus } from '@mosaic/test-kit/bus';
import { connect, credsAuthenticator } from '@nats-io/transport-node';
import { realTimers } from '../../src/adapters/real-timers.ts';
import { shareRests } from '../../src/adapters/share-rests.ts';
import { KeyRests } from '../../src/app/keys/key-rests.ts';
import { makeFault } from '../../src/app/vendor/vendor-fault.ts';
import { providersService } from '../../src/index.ts';
import { startMoodyServer } from './moody-server.ts';
import { opus, outcomeOf } from './run-registry.ts';

const patience = { timeoutMs: 60_000 };
/** Rests of which nothing that counts is over before the test is, however slow the machine. */
const [longMs, shortMs] = [3_600_000, 600_000];

let real: RealBus;
let keys = 0;

before(async () => {
  real = await startRealBus();
});
after(() => real.stop());

/** What one replica knows about keys, on a bus of its own that gives up soon. */
async function startReplica() {
  const bus: Bus = await real.connect('providers', { timings: { publishMs: 400 } });
  const rests = new KeyRests(realTimers);
  let heard = 0;
  const onHeard = () => {
    heard += 1;
  };
  const shared = shareRests({ bus, log: createLogger('silent'), rests, onHeard });
  await shared.whenKnown(60_000);
  const learn = (keyId: string, restMs: number) => {
    const fault = makeFault('provider_rate_limited', 'slow down', restMs);
    if (rests.failed(keyId, fault, 'call')) shared.tell(keyId);
  };
  const leftMs = (keyId: string) => (rests.of(keyId)?.untilMs ?? Date.now()) - Date.now();
  return { bus, rests, shared, learn, leftMs, timesHeard: () => heard };
}

const freshKey = () => {
  keys += 1;
  return `key${keys}`;
};

test('the longest rest wins everywhere, also for who comes later', async () => {
  const [one, two] = [await startReplica(), await startReplica()];
  const key = freshKey();
  one.learn(key, longMs);
  two.learn(key, shortMs);
  await waitFor(() => two.leftMs(key) > shortMs, patience);
  // The shorter word may have been written over the longer one: then that is said again.
  await waitFor(async () => (await startReplica()).leftMs(key) > shortMs, patience);
  assert.ok(one.leftMs(key) > shortMs);
});

test('many words about one key in a moment are few writes, and the last one holds', async () => {
  const [one, two] = [await startReplica(), await startReplica()];
  const key = freshKey();
  for (let call = 1; call <= 500; call += 1) one.learn(key, longMs + call * shortMs);
  await waitFor(() => two.leftMs(key) > longMs + 499 * shortMs, patience);
  assert.ok(two.timesHeard() <= 20, `${two.timesHeard()} writes for 500 words`);
});

test('a refusal that comes back late does not undo a good test, here or elsewhere', async () => {
  const [one, two] = [await startReplica(), await startReplica()];
  const key = freshKey();
  const heardBefore = one.timesHeard();
  for (let round = 0; round < 20; round += 1) {
    one.rests.failed(key, makeFault('provider_auth', 'no'), 'test');
    one.shared.tell(key);
    await one.bus.flush();
    one.rests.passedTest(key);
    one.shared.tell(key);
  }
  const watcher = await startReplica();
  await waitFor(() => watcher.rests.of(key) === null && two.rests.of(key) === null, patience);
  assert.equal(one.rests.of(key), null);
  assert.equal(one.timesHeard(), heardBefore);
});

test('what a replica learns without the bus is told when it is back', async () => {
  const [one, two] = [await startReplica(), await startReplica()];
  const key = freshKey();
  await real.kill();
  await waitFor(() => !one.bus.isConnected && !two.bus.isConnected, patience);
  one.learn(key, longMs);
  assert.ok(one.leftMs(key) > shortMs);
  // Longer than it tries to write.
  await new Promise((resolve) => setTimeout(resolve, 900));
  await real.restart();
  await waitFor(() => two.leftMs(key) > shortMs, patience);
});

/** As on a bus whose streams were made by an older release. */
async function removeBucket(bus: RealBus) {
  const credentials = await provisionerCredentials(bus.keys);
  const provisioner = await connect({
    servers: bus.url,
    inboxPrefix: '_INBOX.provisioner',
    authenticator: credsAuthenticator(new TextEncoder().encode(credentials)),
  });
  const reply = await provisioner.request(`$JS.API.STREAM.DELETE.KV_${keyRests.bucket}`);
  assert.equal(reply.json<{ success?: boolean }>().success, true);
  await provisioner.close();
}

test('without the bucket the service starts and goes by what it finds out itself', async () => {
  const bare = await startRealBus();
  await removeBucket(bare);
  const server = await startMoodyServer();
  const service = await startService(providersService, {
    ...(await bare.environment('providers')),
    ANTHROPIC_API_KEY: 'key-without-a-bucket',
    ANTHROPIC_BASE_URL: server.url,
    OLLAMA_BASE_URL: 'http://127.0.0.1:1',
    MOSAIC_LOG_LEVEL: 'silent',
  });
  const agents = await bare.connect('agents');
  const ask = async () => {
    const parts = [];
    const request = {
      candidates: [opus],
      system: null,
      turns: [{ role: 'user' as const, content: [{ type: 'text' as const, text: 'Hi' }] }],
    };
    const options = { caller: bare.person('mia') };
    for await (const part of agents.stream(streamCompletion, request, options)) parts.push(part);
    return outcomeOf(parts);
  };
  assert.equal(await ask(), 'answered');
  server.mood = ({ model }) =>
    model === 'list' ? 'answer' : { status: 429, headers: { 'retry-after': '60' } };
  assert.equal(await ask(), 'provider_rate_limited');
  assert.equal(await ask(), 'provider_rate_limited');
  assert.equal(server.requests.length, 2);
  const gateway = await bare.connect('gateway');
  const { providers } = await gateway.call(listProviders, {});
  assert.equal(providers.find((one) => one.name === 'anthropic')?.keys[0]?.state, 'resting');
  await service.stop();
  await bare.stop();
  await server.stop();
});
