import assert from 'node:assert/strict';
import { once } from 'node:events';
import type { AddressInfo } from 'node:net';
import { it } from 'node:test';
import { type WebSocket as ServerSocket, WebSocketServer } from 'ws';
import { GatewaySocket } from '../src/transport/gateway-socket.ts';

const welcome = (tickMs: number): string =>
  JSON.stringify({
    type: 'welcome',
    protocol: 1,
    user: { id: 'u1', name: 'Ana', role: 'member' },
    tickMs,
    maxMessageChars: 1_000,
    isDemo: false,
  });

/** A socket server on a free port, the frames that clients said to it, and a client of it. */
async function connect(tickMs: number) {
  const server = new WebSocketServer({ host: '127.0.0.1', port: 0 });
  await once(server, 'listening');
  const { port } = server.address() as AddressInfo;
  const said: unknown[] = [];
  const heard: string[] = [];
  server.on('connection', (socket) => {
    socket.on('message', (data) => said.push(JSON.parse(String(data))));
    socket.send(welcome(tickMs));
  });
  const client = new GatewaySocket({
    url: `ws://127.0.0.1:${port}`,
    readToken: () => 'secret',
    onFrame: (frame) => heard.push(frame.type),
    onLost: () => heard.push('lost'),
  });
  const connected = (): Promise<readonly [ServerSocket]> =>
    once(server, 'connection') as Promise<[ServerSocket]>;
  return {
    client,
    said,
    heard,
    connected,
    [Symbol.asyncDispose]: async () => {
      client.close();
      for (const socket of server.clients) socket.terminate();
      await new Promise((resolve) => server.close(resolve));
    },
  };
}

it('says hello with the token first', async () => {
  await using gateway = await connect(15_000);
  gateway.client.open();
  const [socket] = await gateway.connected();
  await once(socket, 'message');
  assert.deepEqual(gateway.said, [
    { type: 'hello', protocol: 1, client: 'web/0.1.0', token: 'secret' },
  ]);
});

it('connects anew after 2.5 ticks of silence', async () => {
  await using gateway = await connect(400);
  gateway.client.open();
  await gateway.connected();
  await gateway.connected();
  assert.deepEqual(gateway.heard.slice(0, 2), ['welcome', 'lost']);
});

it('connects anew after a loss and not after it was closed', async () => {
  await using gateway = await connect(15_000);
  gateway.client.open();
  const [first] = await gateway.connected();
  first.terminate();
  const [second] = await gateway.connected();
  gateway.client.close();
  await once(second, 'close');
  assert.equal(gateway.client.send({ type: 'ping', id: '1' }), false);
});

it('passes over frames that it does not know', async () => {
  await using gateway = await connect(15_000);
  gateway.client.open();
  const [socket] = await gateway.connected();
  socket.send('not json');
  socket.send(JSON.stringify({ type: 'from-the-future' }));
  socket.send(JSON.stringify({ type: 'tick' }));
  while (!gateway.heard.includes('tick')) await new Promise((resolve) => setTimeout(resolve, 10));
  assert.deepEqual(gateway.heard, ['welcome', 'tick']);
});
