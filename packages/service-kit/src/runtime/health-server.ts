import { once } from 'node:events';
import { createServer, type ServerResponse } from 'node:http';

/** What the pages show. */
export interface HealthSource {
  /** Names of the checks that do not hold. */
  notReady(): Promise<readonly string[]>;
  /** What is not as it should be although the service can work. */
  details?(): readonly string[];
  readonly metricsType: string;
  metrics(): Promise<string>;
}

/** A listening server; `port` is the one it really got. */
export interface HealthServer {
  readonly port: number;
  close(): Promise<void>;
}

/** Serves `/healthz`, `/readyz` and `/metrics`. Rejects when the port is taken. */
export async function startHealthServer(
  at: { readonly host: string; readonly port: number },
  source: HealthSource,
): Promise<HealthServer> {
  const server = createServer((request, response) => {
    answer(request.url ?? '/', response, source).catch(() => {
      if (!response.headersSent) response.writeHead(500);
      response.end();
    });
  });
  server.listen(at.port, at.host);
  await once(server, 'listening');
  const address = server.address();
  return {
    port: typeof address === 'object' && address !== null ? address.port : at.port,
    async close() {
      const closed = once(server, 'close');
      server.close();
      server.closeAllConnections();
      await closed;
    },
  };
}

async function answer(url: string, response: ServerResponse, source: HealthSource) {
  const path = url.split('?')[0];
  if (path === '/healthz') return sendJson(response, 200, { status: 'ok' });
  if (path === '/readyz') {
    const failing = await source.notReady();
    const told = source.details?.() ?? [];
    const body = { failing, ...(told.length === 0 ? {} : { details: told }) };
    return failing.length === 0
      ? sendJson(response, 200, { status: 'ready', ...body })
      : sendJson(response, 503, { status: 'not ready', ...body });
  }
  if (path === '/metrics') {
    const text = await source.metrics();
    response.writeHead(200, { 'content-type': source.metricsType }).end(text);
    return;
  }
  sendJson(response, 404, { status: 'not found' });
}

function sendJson(response: ServerResponse, status: number, body: unknown): void {
  response.writeHead(status, { 'content-type': 'application/json' }).end(JSON.stringify(body));
}
