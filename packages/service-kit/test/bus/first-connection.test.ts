import assert from 'node:assert/strict';
import { once } from 'node:events';
import { type AddressInfo, createServer, type Socket } from 'node:net';
import { type TestContext, test } from 'node:test';
import { openConnection } from '../../src/bus/connection/nats-connection.ts';

const hello = `INFO ${JSON.stringify({ server_id: 'A', version: '2.12.0', max_payload: 1_048_576 })}\r\n`;

/** Speaks as a server does that answers its first client with this refusal. */
async function refusingOnce(t: TestContext, refusal: string) {
  const sockets: Socket[] = [];
  const server = createServer((socket) => {
    sockets.push(socket);
    const isFirst = sockets.length === 1;
    socket.on('error', () => undefined);
    socket.write(hello);
    socket.on('data', (data) => {
      if (isFirst) socket.end(`-ERR '${refusal}'\r\n`);
      else if (data.includes('PING')) socket.write('PONG\r\n');
    });
  });
  await once(server.listen(0, '127.0.0.1'), 'listening');
  t.after(() => {
    for (const socket of sockets) socket.destroy();
    server.close();
  });
  const { port } = server.address() as AddressInfo;
  return { url: `nats://127.0.0.1:${port}`, sockets };
}

const open = (url: string) =>
  openConnection({ url, name: 'probe', inboxPrefix: '_INBOX.probe', timeoutMs: 60_000 });

test('who signed in too late tries again', async (t) => {
  const { url, sockets } = await refusingOnce(t, 'Authentication Timeout');
  const connection = await open(url);
  assert.equal(sockets.length, 2);
  await connection.close();
});

test('who is refused does not try again', async (t) => {
  const { url, sockets } = await refusingOnce(t, 'Authorization Violation');
  await assert.rejects(open(url), { code: 'unauthenticated' });
  assert.equal(sockets.length, 1);
});
