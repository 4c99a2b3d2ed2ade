import { type ChildProcess, spawn } from 'node:child_process';
import { once } from 'node:events';
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { createServer } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { type ErrorCode, MosaicError, type ServiceName } from '@mosaic/proto';
import {
  type Bus,
  type BusLog,
  type BusTimings,
  connectBus,
  type InstallationKeys,
  makeInstallationKeys,
  provisionBus,
  provisionerCredentials,
  type SignedCaller,
  serverConfigText,
  serviceCredentials,
  signCaller,
} from '@mosaic/service-kit';

/** A real nats-server with the credentials and streams of a real installation. */
export interface RealBus {
  readonly url: string;
  readonly keys: InstallationKeys;
  readonly member: SignedCaller;
  readonly admin: SignedCaller;
  /** Credentials text of a service. */
  credentials(name: ServiceName): Promise<string>;
  connect(name: ServiceName, choices?: ConnectChoices): Promise<Bus>;
  /** Ends the server as `kill -9` does. */
  kill(): Promise<void>;
  /** Starts it again on the same port and data. */
  restart(): Promise<void>;
  /** Drains every bus that was connected here, ends the server, removes its data. */
  stop(): Promise<void>;
}

export interface ConnectChoices {
  readonly timings?: Partial<BusTimings>;
  readonly log?: BusLog;
  readonly instanceName?: string;
}

async function freePort(): Promise<number> {
  const server = createServer().listen(0, '127.0.0.1');
  await once(server, 'listening');
  const address = server.address();
  server.close();
  await once(server, 'close');
  if (address === null || typeof address === 'string') throw new Error('no port');
  return address.port;
}

export async function startRealBus(): Promise<RealBus> {
  const dir = mkdtempSync(join(tmpdir(), 'mosaic-bus-'));
  const keys = makeInstallationKeys();
  const port = await freePort();
  const url = `nats://127.0.0.1:${port}`;
  const config = join(dir, 'nats.conf');
  const store = JSON.stringify(join(dir, 'store'));
  writeFileSync(
    config,
    `listen: "127.0.0.1:${port}"\nserver_name: test\njetstream { store_dir: ${store} }\n${await serverConfigText(keys)}`,
    { mode: 0o600 },
  );
  const start = () => spawn('nats-server', ['-c', config], { stdio: 'ignore' });
  let server: ChildProcess = start();
  const end = async (signal: NodeJS.Signals) => {
    if (server.exitCode !== null || server.signalCode !== null) return;
    server.kill(signal);
    await once(server, 'exit');
  };
  await provisionBus({ url, credentials: await provisionerCredentials(keys) });
  const buses: Bus[] = [];
  const credentials = (name: ServiceName) => serviceCredentials(keys, name);
  return {
    url,
    keys,
    member: signCaller(keys.caller.seed, { userId: 'mia', role: 'member', via: 'web' }),
    admin: signCaller(keys.caller.seed, { userId: 'ada', role: 'admin' }),
    credentials,
    async connect(name, choices = {}) {
      const bus = await connectBus({
        url,
        principal: name,
        credentials: await credentials(name),
        callerKeys: keys.caller,
        ...choices,
      });
      buses.push(bus);
      return bus;
    },
    kill: () => end('SIGKILL'),
    async restart() {
      server = start();
    },
    async stop() {
      await Promise.all(buses.map((bus) => bus.drain(500)));
      await end('SIGTERM');
      rmSync(dir, { recursive: true, force: true });
    },
  };
}

/** For `assert.rejects`: an error of ours with this code. */
export function withCode(code: ErrorCode): (thrown: unknown) => boolean {
  return (thrown) => thrown instanceof MosaicError && thrown.code === code;
}

export function pause(ms: number): Promise<void> {
  return new Promise((resolve) => setTimeout(resolve, ms));
}

/** Waits until something holds; fails the test when it doesn't in time. */
export async function until(holds: () => boolean, withinMs = 5_000): Promise<void> {
  const deadline = Date.now() + withinMs;
  while (!holds()) {
    if (Date.now() > deadline) throw new Error(`not so within ${withinMs} ms: ${holds}`);
    await pause(5);
  }
}
