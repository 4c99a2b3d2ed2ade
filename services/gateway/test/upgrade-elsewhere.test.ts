import assert from 'node:assert/strict';
import { once } from 'node:events';
import { createConnection } from 'node:net';
import { after, before, test } from 'node:test';
import { setTimeout } from 'node:timers/promises';
import { type GatewayRig, startGateway } from './gateway-rig.ts';

let rig: GatewayRig;
before(async () => {
  rig = await startGateway();
});
after(() => rig.stop());

test('an upgrade at another address is refused, and its connection not kept', async () => {
  const port = Number(new URL(rig.url).port);
  const client = createConnection({ port, host: '127.0.0.1', allowHalfOpen: true });
  client.on('error', () => undefined);
  let said = '';
  client.on('data', (piece) => {
    said += String(piece);
  });
  await once(client, 'connect');
  client.write('GET /no HTTP/1.1\r\nhost: x\r\nconnection: upgrade\r\nupgrade: websocket\r\n\r\n');
  await once(client, 'end');
  assert.match(said, /^HTTP\/1\.1 404 /);
  // A server that has let go answers this with a reset; one that waits for our end takes it.
  for (let tries = 0; tries < 20 && !client.destroyed; tries += 1) {
    client.write('more');
    await setTimeout(50);
  }
  assert.ok(client.destroyed, 'the server still holds the connection');
});
