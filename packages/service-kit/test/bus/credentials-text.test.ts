import assert from 'node:assert/strict';
import { once } from 'node:events';
import { type AddressInfo, connect, createServer } from 'node:net';
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

test('credentials that came too late for the server are sent again', async () => {
  const { hostname, port } = new URL(bus.url);
  let connections = 0;
  const proxy = createServer((client) => {
    connections += 1;
    const server = connect(Number(port), hostname);
    server.pipe(client);
    // What the first client says never arrives: the server ends that connection by itself.
    if (connections > 1) client.pipe(server);
    for (const socket of [client, server]) socket.on('error', () => {});
    client.on('close', () => server.destroy());
  }).listen(0, '127.0.0.1');
  await once(proxy, 'listening');
  const { port: proxyPort } = proxy.address() as AddressInfo;
  const connected = await connectBus({
    url: `nats://127.0.0.1:${proxyPort}`,
    principal: 'router',
    credentials: await serviceCredentials(bus.keys, 'router'),
    callerKeys: bus.keys.caller,
  });
  assert.equal(connections, 2);
  await connected.drain();
  proxy.close();
});
