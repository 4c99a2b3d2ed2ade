import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { reservePort, startPglite } from '@mosaic/embedded-servers';
import { startService } from '@mosaic/service-kit';
import { temporaryDirectory } from '@mosaic/test-kit';
import { type RealBus, startRealBus } from '@mosaic/test-kit/bus';
import { gatewayService } from '../src/main.ts';
import { type Peers, startPeers } from './peers.ts';

/** A person with an account, as a program sees the gateway. */
export interface TestPerson {
  readonly token: string;
  readonly id: string;
  ask(method: string, path: string, body?: unknown): Promise<TestAnswer>;
  open(): Promise<string>;
}

export interface TestAnswer {
  readonly status: number;
  readonly headers: Headers;
  // biome-ignore lint/suspicious/noExplicitAny: what a test reads is what it claims.
  readonly body: any;
}

/** The real gateway on a real bus and a real database, with peers of the test behind it. */
export interface GatewayRig {
  readonly url: string;
  readonly bus: RealBus;
  readonly peers: Peers;
  readonly ownerTokenFile: string;
  ownerToken(): string;
  signUp(name: string): Promise<TestPerson>;
  as(token: string): TestPerson['ask'];
  stopDatabase(): Promise<void>;
  stop(): Promise<void>;
}

/** Between the choice of a port and the listening on it, another test may take it: then another one. */
async function startOnFreePort(env: Record<string, string>) {
  for (let attempt = 1; ; attempt += 1) {
    const port = await reservePort();
    try {
      const service = await startService(gatewayService, { ...env, MOSAIC_PORT: String(port) });
      return { port, service };
    } catch (thrown) {
      const isTaken = thrown instanceof Error && thrown.message.includes('is taken by another');
      if (!isTaken || attempt === 4) throw thrown;
    }
  }
}

export const password = 'correct horse battery';

export async function startGateway(extra: Record<string, string> = {}): Promise<GatewayRig> {
  const directory = await temporaryDirectory();
  const [bus, database] = await Promise.all([
    startRealBus(),
    startPglite({ dataDir: join(directory.path, 'db'), dumps: false, port: 0 }),
  ]);
  const ownerTokenFile = join(directory.path, 'owner-token');
  const peers = await startPeers(bus);
  const { port, service } = await startOnFreePort({
    ...(await bus.environment('gateway')),
    DATABASE_URL: database.url,
    MOSAIC_AUTH_SECRET: 'a secret for tests that is long enough',
    MOSAIC_OWNER_TOKEN_FILE: ownerTokenFile,
    MOSAIC_LOG_LEVEL: 'error',
    ...extra,
  });
  const url = `http://127.0.0.1:${port}`;
  const as = (token: string) => (method: string, path: string, body?: unknown) =>
    ask(`${url}${path}`, { method, body, headers: { authorization: `Bearer ${token}` } });
  return {
    url,
    bus,
    peers,
    ownerTokenFile,
    as,
    ownerToken: () => readFileSync(ownerTokenFile, 'utf8').trim(),
    async signUp(name) {
      const account = { name, email: `${name}@example.org`, password };
      const answer = await ask(`${url}/api/auth/sign-up/email`, { method: 'POST', body: account });
      const { token, user } = answer.body;
      const asPerson = as(token);
      return {
        token,
        id: user.id,
        ask: asPerson,
        open: async () => (await asPerson('POST', '/api/conversations', {})).body.id,
      };
    },
    stopDatabase: () => database.stop(),
    async stop() {
      await service.stop();
      await database.stop();
      await bus.stop();
      await directory.remove();
    },
  };
}

/** One request; a text that is no JSON comes back as it is. */
export async function ask(
  url: string,
  request: { method: string; body?: unknown; headers?: Record<string, string> },
): Promise<TestAnswer> {
  const { body, headers, method } = request;
  const isText = typeof body === 'string';
  const response = await fetch(url, {
    method,
    headers: { ...(body === undefined ? {} : { 'content-type': 'application/json' }), ...headers },
    ...(body === undefined ? {} : { body: isText ? body : JSON.stringify(body) }),
  });
  const text = await response.text();
  return { status: response.status, headers: response.headers, body: parse(text) };
}

function parse(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    return text;
  }
}
