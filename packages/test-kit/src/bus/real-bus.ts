import { startNats } from '@mosaic/embedded-servers';
import type { ServiceName } from '@mosaic/proto';
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
import { z } from 'zod';
import { temporaryDirectory } from '../temporary-directory.ts';

/** What is read here of the server's monitoring page `/jsz`. */
const jetStreamSchema = z.object({
  account_details: z.array(
    z.object({
      stream_detail: z
        .array(
          z.object({
            name: z.string(),
            consumer_detail: z
              .array(
                z.object({
                  name: z.string(),
                  delivered: z.object({ consumer_seq: z.number() }),
                }),
              )
              .default([]),
          }),
        )
        .default([]),
    }),
  ),
});

export interface ConnectChoices {
  readonly instanceName?: string;
  readonly timings?: Partial<BusTimings>;
  readonly log?: BusLog;
}

/** A real nats-server with the streams, credentials and permissions of an installation. */
export interface RealBus {
  readonly url: string;
  readonly keys: InstallationKeys;
  /** Where the server keeps its streams. */
  readonly dataDir: string;
  /** A person as the gateway would sign them. */
  person(userId: string, role?: 'member' | 'admin'): SignedCaller;
  /** Connects with the credential of one service; drained by `stop`. */
  connect(principal: ServiceName, choices?: ConnectChoices): Promise<Bus>;
  /** What a service process needs in its environment to be on this bus. */
  environment(principal: ServiceName): Promise<Record<string, string>>;
  /** How often the server gave out messages to a durable consumer, each time it did so counted. */
  deliveries(stream: string, durable: string): Promise<number>;
  /** Ends the server as `kill -9` does. */
  kill(): Promise<void>;
  /** Starts it again on the same port and data. */
  restart(): Promise<void>;
  stop(): Promise<void>;
}

/** Starts one; takes about a second. */
export async function startRealBus(): Promise<RealBus> {
  const directory = await temporaryDirectory();
  const keys = makeInstallationKeys();
  const options = { dataDir: directory.path, configText: await serverConfigText(keys) };
  let server = await startNats(options);
  const { url } = server;
  await provisionBus({ url, credentials: await provisionerCredentials(keys) });
  const buses: Bus[] = [];
  return {
    url,
    keys,
    dataDir: directory.path,
    person: (userId, role = 'member') =>
      signCaller(keys.caller.seed, { userId, role, via: 'test' }),
    async connect(principal, choices = {}) {
      const credentials = await serviceCredentials(keys, principal);
      const callerKeys = keys.caller;
      const bus = await connectBus({ url, principal, credentials, callerKeys, ...choices });
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
    async deliveries(stream, durable) {
      const query = 'accounts=true&streams=true&consumers=true';
      const answer = await fetch(`${server.monitorUrl}/jsz?${query}`);
      const { account_details: accounts } = jetStreamSchema.parse(await answer.json());
      const streams = accounts.flatMap(({ stream_detail: details }) => details);
      const consumers = streams.find(({ name }) => name === stream)?.consumer_detail ?? [];
      return consumers.find(({ name }) => name === durable)?.delivered.consumer_seq ?? 0;
    },
    async kill() {
      process.kill(server.pid, 'SIGKILL');
      await server.exited;
    },
    async restart() {
      server = await startNats({ ...options, port: Number(new URL(url).port) });
    },
    async stop() {
      await Promise.all(buses.map((bus) => bus.drain(200)));
      await server.stop();
      await directory.remove();
    },
  };
}
