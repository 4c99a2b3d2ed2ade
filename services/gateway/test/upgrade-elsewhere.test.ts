import assert from 'node:assert/strict';
import { once } from 'node:events';
import { createConnection } from 'node:net';
import { after, before, test } from 'node:test';
import { waitFor } from '@mosaic/test-kit';
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
  const isLetGo = () => {
    if (!client.destroyed) client.write('more');
    return client.destroyed;
  };
  await waitFor(isLetGo, { what: 'the server to let the connection go', everyMs: 50 });
});
