import assert from 'node:assert/strict';
import { after, before, test } from 'node:test';
import { connectBus } from '@mosaic/service-kit';
import { type RealBus, startRealBus } from './real-bus.ts';

let bus: RealBus;
before(async () => {
  bus = await startRealBus();
});
after(() => bus.stop());

test('credentials work without their last line end, as a setting from a file has them', async () => {
  const credentials = (await bus.credentials('router')).trim();
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
