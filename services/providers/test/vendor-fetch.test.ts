import assert from 'node:assert/strict';
import { once } from 'node:events';
import { createServer, type IncomingMessage, type ServerResponse } from 'node:http';
import type { Socket } from 'node:net';
import { type TestContext, test } from 'node:test';
import { setTimeout as pause } from 'node:timers/promises';
import { gzipSync } from 'node:zlib';
import { type ProviderName, providerNames, streamCompletion } from '@mosaic/proto';
import { startService } from '@mosaic/service-kit';
import { waitFor } from '@mosaic/test-kit';
import { startRealBus } from '@mosaic/test-kit/bus';
import { vendorFetch } from '../src/adapters/vendor-fetch.ts';
import { faultFromThrown } from '../src/app/vendor/vendor-fault.ts';
import { providersService } from '../src/index.ts';

interface TestServer {
  readonly url: string;
  readonly requests: readonly IncomingMessage[];
  readonly sockets: readonly Socket[];
}

async function serve(
  t: TestContext,
  answer: (response: ServerResponse, request: IncomingMessage) => void,
): Promise<TestServer> {
  const requests: IncomingMessage[] = [];
  const sockets: Socket[] = [];
  const server = createServer((request, response) => {
    requests.push(request);
    request.resume().once('end', () => answer(response, request));
  });
  // As in front of the vendors: nothing is said about how long a connection is kept.
  server.keepAliveTimeout = 0;
  server.on('connection', (socket: Socket) => sockets.push(socket));
  server.listen(0, '127.0.0.1');
  await once(server, 'listening');
  t.after(() => {
    server.close();
    server.closeAllConnections();
  });
  const address = server.address();
  if (typeof address !== 'object' || address === null) throw new Error('no port');
  return { url: `http://127.0.0.1:${address.port}`, requests, sockets };
}

const patience = { timeoutMs: 30_000 };
const post = { method: 'POST', body: '{}', headers: { 'x-api-key': 'sk-secret' } };

async function faultOf(asking: Promise<unknown>) {
  return faultFromThrown(
    await asking.then(
      () => undefined,
      (thrown: unknown) => thrown,
    ),
  );
}

test('a redirect is refused: neither key nor prompt goes where it points', async (t) => {
  const elsewhere = await serve(t, (response) => response.end('{}'));
  const vendor = await serve(t, (response, { url }) => {
    const status = Number(url?.slice(1));
    response.writeHead(status, { location: `${elsewhere.url}/v1` }).end('moved');
  });
  for (const status of [301, 302, 303, 307, 308]) {
    const fault = await faultOf(vendorFetch(`${vendor.url}/${status}`, post));
    assert.equal(fault.code, 'provider_unreachable');
    assert.ok(fault.message.includes(new URL(elsewhere.url).host), fault.message);
  }
  assert.equal(elsewhere.requests.length, 0);
});

test('the service follows no redirect of any vendor', async (t) => {
  const elsewhere = await serve(t, (response) => response.end('{}'));
  const vendor = await serve(t, (response) => {
    response.writeHead(307, { location: elsewhere.url }).end();
  });
  const bus = await startRealBus();
  t.after(() => bus.stop());
  const base = (name: ProviderName) => ({
    [`${name.toUpperCase()}_BASE_URL`]: `${vendor.url}/${name}`,
    ...(name === 'ollama' ? {} : { [`${name.toUpperCase()}_API_KEY`]: `sk-of-${name}` }),
  });
  const service = await startService(providersService, {
    ...Object.assign({}, ...providerNames.map(base)),
    ...(await bus.environment('providers')),
    MOSAIC_LOG_LEVEL: 'silent',
  });
  t.after(() => service.stop());
  const agents = await bus.connect('agents');
  const caller = bus.person('mia');
  const turns = [{ role: 'user' as const, content: [{ type: 'text' as const, text: 'Hello.' }] }];
  for (const provider of providerNames) {
    const candidates = [{ provider, model: 'some-model' }];
    const request = { candidates, system: null, turns };
    for await (const part of agents.stream(streamCompletion, request, { caller })) {
      assert.equal(part.type, 'error', provider);
    }
    const asked = vendor.requests.filter(({ url }) => url?.startsWith(`/${provider}/`));
    assert.ok(asked.length > 0, provider);
  }
  assert.equal(elsewhere.requests.length, 0);
});

test('an abort before the headers closes the socket', async (t) => {
  const server = await serve(t, () => undefined);
  const abort = new AbortController();
  const asking = vendorFetch(server.url, { ...post, signal: abort.signal });
  await waitFor(() => server.requests.length === 1, patience);
  abort.abort();
  await assert.rejects(asking, { name: 'AbortError' });
  await waitFor(() => server.sockets[0]?.destroyed, patience);
});

test('an abort in the middle of the body closes the socket', async (t) => {
  const server = await serve(t, (response) => response.write('data: one\n\n'));
  const abort = new AbortController();
  const response = await vendorFetch(server.url, { ...post, signal: abort.signal });
  const reader = response.body?.getReader();
  assert.equal(new TextDecoder().decode((await reader?.read())?.value), 'data: one\n\n');
  abort.abort();
  await assert.rejects(async () => reader?.read(), { name: 'AbortError' });
  await waitFor(() => server.sockets[0]?.destroyed, patience);
});

test('an abort ends the wait for a host that takes the connection and reads nothing', async (t) => {
  const server = await serve(t, () => undefined);
  const abort = new AbortController();
  const asking = vendorFetch(server.url, { ...post, signal: abort.signal });
  const socket = await waitFor(() => server.sockets[0], patience);
  socket.pause();
  abort.abort();
  await assert.rejects(asking, { name: 'AbortError' });
  socket.resume();
  await waitFor(() => socket.destroyed, patience);
});

test('requests one after the other share a connection', async (t) => {
  const server = await serve(t, (response) => response.end('{}'));
  for (let round = 0; round < 20; round += 1) {
    await (await vendorFetch(server.url, post)).json();
  }
  assert.equal(server.requests.length, 20);
  // The first may not be free again yet when the second request is made.
  assert.ok(server.sockets.length <= 2, `${server.sockets.length} connections`);
});

test('after the pause in which somebody reads an answer the connection is still there', async (t) => {
  const server = await serve(t, (response) => response.end('{}'));
  await (await vendorFetch(server.url, post)).json();
  // The platform alone would have closed it after four seconds.
  await pause(5_500);
  await (await vendorFetch(server.url, post)).json();
  assert.equal(server.sockets.length, 1);
});

test('nobody at the address is a vendor that can not be reached', async () => {
  const server = createServer().listen(0, '127.0.0.1');
  await once(server, 'listening');
  const address = server.address();
  if (typeof address !== 'object' || address === null) throw new Error('no port');
  server.close();
  await once(server, 'close');
  const fault = await faultOf(vendorFetch(`http://127.0.0.1:${address.port}`, post));
  assert.equal(fault.code, 'provider_unreachable');
  assert.match(fault.message, /ECONNREFUSED/);
});

test('a connection that breaks in the body is a cut answer', async (t) => {
  const server = await serve(t, (response) => {
    response.write('data: one\n\n', () => response.destroy());
  });
  const response = await vendorFetch(server.url, post);
  assert.equal((await faultOf(response.text())).code, 'provider_cut');
});

test('reads what is compressed, and long bodies whole', async (t) => {
  const long = 'Grüße 👋 '.repeat(400_000);
  const server = await serve(t, (response, { headers }) => {
    assert.match(String(headers['accept-encoding']), /gzip/);
    response.writeHead(200, { 'content-encoding': 'gzip' }).end(gzipSync(long));
  });
  assert.equal(await (await vendorFetch(server.url, post)).text(), long);
});
