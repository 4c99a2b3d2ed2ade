import assert from 'node:assert/strict';
import { after, before, test } from 'node:test';
import { connectBus, serviceCredentials } from '@mosaic/service-kit';
import { type RealBus, startRealBus } from '@mosaic/test-kit/bus';

let bus: RealBus;
before(async () => {
  bus = await startRealBus();
});
after(() => bus.stop());

test('credentials work without their last line end, as a setting from a file has them', async () => {
  const credentials = (await serviceCredentials(bus.keys, 'router')).trim();
  const callerKeys = bus.keys.caller;
  const connected = await connectBus({
    url: bus.url,
    principal: 'router',
    credentials,
    callerKeys,
  });
  assert.ok(connected.isConnected);
  await connected.drain();
});

test('a text that is no credentials file is refused at once, and not tried again', async () => {
  const credentials = (await serviceCredentials(bus.keys, 'router')).replace(/^SU.*$/m, 'SUCHSEED');
  const callerKeys = bus.keys.caller;
  const timings = { connectMs: 600_000 };
  const options = { url: bus.url, principal: 'router', credentials, callerKeys, timings };
  await assert.rejects(connectBus(options), { code: 'unauthenticated' });
});
