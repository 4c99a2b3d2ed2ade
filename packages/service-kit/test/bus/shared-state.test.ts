import assert from 'node:assert/strict';
import { after, before, test } from 'node:test';
import { defineState, keyRests } from '@mosaic/proto';
import { type Bus, provisionerCredentials } from '@mosaic/service-kit';
import { waitFor } from '@mosaic/test-kit';
import { type RealBus, startRealBus } from '@mosaic/test-kit/bus';
import { jetstreamManager } from '@nats-io/jetstream';
import { connect, credsAuthenticator } from '@nats-io/transport-node';
import { z } from 'zod';

const patience = { timeoutMs: 60_000 };

let real: RealBus;
let first: Bus;
let second: Bus;

const rest = (reason: string) => ({
  kind: 'rate-limit' as const,
  since: '2026-11-24T10:00:00.000Z',
  until: '2026-11-24T11:00:00.000Z',
  reason,
  by: 'a replica',
});

/** What a watcher knows: reasons by key, and how often it was told that this is all. */
function watch(bus: Bus) {
  const reasons = new Map<string, string>();
  const seen = { reasons, timesCaughtUp: 0, stop: async () => {} };
  const watching = bus.watchState(keyRests, {
    changed: (key, value) => {
      if (value) reasons.set(key, value.reason);
      else reasons.delete(key);
    },
    caughtUp: () => {
      seen.timesCaughtUp += 1;
    },
  });
  seen.stop = () => watching.stop();
  return seen;
}

before(async () => {
  real = await startRealBus();
  // As long as a busy machine may need to start a server.
  first = await real.connect('providers', { timings: { publishMs: 60_000 } });
  second = await real.connect('providers');
});
after(() => real.stop());

test('two connections see each other’s entries, their changes and their removal', async () => {
  const atFirst = watch(first);
  const atSecond = watch(second);
  await first.putState(keyRests, { key: 'a', value: rest('by the first') });
  await second.putState(keyRests, { key: 'b', value: rest('by the second') });
  for (const seen of [atFirst, atSecond]) {
    await waitFor(() => seen.reasons.size === 2, patience);
    assert.equal(seen.reasons.get('a'), 'by the first');
  }
  await second.putState(keyRests, { key: 'a', value: rest('changed') });
  await waitFor(() => atFirst.reasons.get('a') === 'changed', patience);
  await first.removeState(keyRests, 'b');
  await waitFor(() => !atSecond.reasons.has('b'), patience);
  await Promise.all([atFirst.stop(), atSecond.stop()]);
});

test('a watcher that comes later is told what is there, and then that this is all', async () => {
  await first.putState(keyRests, { key: 'early', value: rest('early') });
  const seen = watch(second);
  await waitFor(() => seen.timesCaughtUp === 1, patience);
  assert.equal(seen.reasons.get('early'), 'early');
  await seen.stop();
});

test('a stopped watcher hears nothing more', async () => {
  const stopped = watch(second);
  const other = watch(second);
  await waitFor(() => stopped.timesCaughtUp === 1, patience);
  await stopped.stop();
  await first.putState(keyRests, { key: 'late', value: rest('late') });
  await waitFor(() => other.reasons.has('late'), patience);
  assert.equal(stopped.reasons.has('late'), false);
  await other.stop();
});

test('entries and watchers survive a killed server; what is gone meanwhile is told', async () => {
  await first.putState(keyRests, { key: 'kept', value: rest('kept') });
  await first.putState(keyRests, { key: 'doomed', value: rest('doomed') });
  const seen = watch(second);
  // What is there is told first, and then that this is all.
  await waitFor(() => seen.reasons.has('doomed') && seen.timesCaughtUp === 1, patience);
  const before = seen.timesCaughtUp;
  await real.kill();
  await waitFor(() => !first.isConnected && !second.isConnected, patience);
  // Asked without a server: it has to arrive when there is one again.
  const put = first.putState(keyRests, { key: 'during', value: rest('during') });
  await real.restart();
  await put;
  await waitFor(() => seen.reasons.has('during') && seen.timesCaughtUp > before, patience);
  assert.equal(seen.reasons.get('kept'), 'kept');

  // Kept out of the link, the watcher can not hear the removal itself.
  await removeUnheard('doomed');
  await real.kill();
  await waitFor(() => !second.isConnected, patience);
  await real.restart();
  await waitFor(() => !seen.reasons.has('doomed'), patience);
  assert.ok(seen.reasons.has('kept'));
  await seen.stop();
});

/** As an entry whose life is over: the message goes, and no removal is written. */
async function removeUnheard(key: string) {
  const provisioner = await connect({
    servers: real.url,
    inboxPrefix: '_INBOX.provisioner',
    authenticator: credsAuthenticator(
      new TextEncoder().encode(await provisionerCredentials(real.keys)),
    ),
  });
  const manager = await jetstreamManager(provisioner);
  const filter = `$KV.${keyRests.bucket}.${key}`;
  const { purged } = await manager.streams.purge(`KV_${keyRests.bucket}`, { filter });
  assert.equal(purged, 1);
  await provisioner.close();
}

test('an entry that is not of its schema, or whose key could widen the subject, does not leave', async () => {
  const wrong = { ...rest('x'), until: 'soon' };
  const put = (key: string, value = rest('x')) => first.putState(keyRests, { key, value });
  await assert.rejects(put('a', wrong), { code: 'bad_request' });
  for (const key of ['', '>', '*', 'a..b', 'a b', '.a']) {
    await assert.rejects(put(key), { code: 'bad_request' });
  }
});

test('a service that does not use it may neither write nor read it', async () => {
  const router = await real.connect('router', { timings: { publishMs: 500 } });
  const put = router.putState(keyRests, { key: 'a', value: rest('x') });
  await assert.rejects(put, { code: 'forbidden' });
  const seen = watch(router);
  await first.putState(keyRests, { key: 'secret', value: rest('x') });
  const own = watch(first);
  await waitFor(() => own.reasons.has('secret'), patience);
  assert.equal(seen.timesCaughtUp, 0);
  assert.equal(seen.reasons.size, 0);
  await Promise.all([seen.stop(), own.stop()]);
});

test('state without a bucket says so instead of waiting for ever', async () => {
  const nowhere = defineState({ ...keyRests, bucket: 'NOWHERE', value: z.object({}) });
  const hasty = await real.connect('providers', { timings: { publishMs: 300 } });
  await assert.rejects(hasty.putState(nowhere, { key: 'a', value: {} }), {
    name: 'MosaicError',
  });
});
