import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { startNats } from '@mosaic/embedded-servers';
import type { ServiceName } from '@mosaic/proto';
import {
  type Bus,
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

/** A real nats-server with the streams, credentials and permissions of an installation. */
export interface RealBus {
  readonly url: string;
  readonly keys: InstallationKeys;
  /** A person as the gateway would sign them. */
  person(userId: string, role?: 'member' | 'admin'): SignedCaller;
  /** Connects with the credential of one service; drained by `stop`. */
  connect(principal: ServiceName, instanceName?: string): Promise<Bus>;
  /** What a service process needs in its environment to be on this bus. */
  environment(principal: ServiceName): Promise<Record<string, string>>;
  stop(): Promise<void>;
}

/** Starts one; takes about a second. */
export async function startRealBus(): Promise<RealBus> {
  const dataDir = await mkdtemp(join(tmpdir(), 'mosaic-bus-'));
  const keys = makeInstallationKeys();
  const server = await startNats({ dataDir, configText: await serverConfigText(keys) });
  const { url } = server;
  await provisionBus({ url, credentials: await provisionerCredentials(keys) });
  const buses: Bus[] = [];
  return {
    url,
    keys,
    person: (userId, role = 'member') =>
      signCaller(keys.caller.seed, { userId, role, via: 'test' }),
    async connect(principal, instanceName) {
      const credentials = await serviceCredentials(keys, principal);
      const bus = await connectBus({
        url,
        principal,
        credentials,
        callerKeys: keys.caller,
        ...(instanceName === undefined ? {} : { instanceName }),
      });
      buses.push(bus);
      return bus;
    },
    async environment(principal) {
      return {
        NATS_URL: url,
        MOSAIC_NATS_CREDENTIALS: await serviceCredentials(keys, principal),
        MOSAIC_CALLER_PUBLIC_KEY: keys.caller.publicKey,
        ...(principal === 'gateway' ? { MOSAIC_CALLER_SEED: keys.caller.seed } : {}),
      };
    },
    async stop() {
      await Promise.all(buses.map((bus) => bus.drain(200)));
      await server.stop();
      await rm(dataDir, { recursive: true, force: true });
    },
  };
}
