import assert from 'node:assert/strict';
import { after, afterEach, before, beforeEach, test } from 'node:test';
import { setImmediate } from 'node:timers/promises';
import { startNats } from '@mosaic/embedded-servers';
import { temporaryDirectory, waitFor } from '@mosaic/test-kit';
import { connect, type NatsConnection } from '@nats-io/transport-node';
import { silentLog } from '../../src/bus/bus-log.ts';
import { Outbox } from '../../src/bus/connection/outbox.ts';

let servers: string;
let sender: NatsConnection;
let outbox: Outbox;
let debugged: string[];
const log = { ...silentLog, debug: (_fields: object, message: string) => debugged.push(message) };
const cleanups: (() => Promise<unknown>)[] = [];

before(async () => {
  const directory = await temporaryDirectory();
  const server = await startNats({ dataDir: directory.path });
  servers = server.url;
  cleanups.push(
    () => server.stop(),
    () => directory.remove(),
  );
});
after(async () => {
  for (const cleanup of cleanups) await cleanup();
});
beforeEach(async () => {
  debugged = [];
  sender = await connect({ servers });
  outbox = new Outbox(sender, log);
});
afterEach(() => sender.close());

const message = (text: string) => () => ({ subject: 'parts', data: Buffer.from(text) });

async function listen(t: { after(end: () => Promise<void>): void }): Promise<string[]> {
  const heard: string[] = [];
  const receiver = await connect({ servers });
  t.after(() => receiver.close());
  receiver.subscribe('parts', {
    callback(_error, heardMessage) {
      heard.push(heardMessage.string());
    },
  });
  await receiver.flush();
  return heard;
}

test('hands over all of one turn of the event loop together, in order', async (t) => {
  const heard = await listen(t);
  for (const text of ['one', 'two', 'three']) {
    outbox.add(message(text));
    await Promise.resolve();
  }
  assert.equal(sender.stats().outMsgs, 0);
  await setImmediate();
  assert.equal(sender.stats().outMsgs, 3);
  await waitFor(() => heard.length === 3, { timeoutMs: 30_000 });
  assert.deepEqual(heard, ['one', 'two', 'three']);
});

test('hands over what waits when told to, once', async (t) => {
  const heard = await listen(t);
  outbox.add(message('one'));
  outbox.flush();
  assert.equal(sender.stats().outMsgs, 1);
  outbox.add(message('two'));
  await setImmediate();
  await waitFor(() => heard.length === 2, { timeoutMs: 30_000 });
  assert.deepEqual(heard, ['one', 'two']);
  assert.equal(sender.stats().outMsgs, 2);
});

test('refuses what comes after the end of the connection, and survives what came before', async () => {
  outbox.add(message('one'));
  await sender.close();
  assert.throws(() => outbox.add(message('two')), { code: 'service_unavailable' });
  outbox.flush();
  assert.equal(sender.stats().outMsgs, 0);
  assert.deepEqual(debugged, ['A message could not be sent any more.']);
});
