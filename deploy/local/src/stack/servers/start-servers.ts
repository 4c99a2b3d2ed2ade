import { join } from 'node:path';
import {
  EmbeddedServerError,
  portIsFree,
  startNats,
  startPglite,
  startRedis,
} from '@mosaic/embedded-servers';
import { provisionBus, provisionerCredentials, serverConfigText } from '@mosaic/service-kit';
import type { LauncherConfig } from '../../settings/launcher-settings.ts';
import type { DataDirectory } from '../installation/data-directory.ts';
import type { InstallationSecrets } from '../installation/installation-secrets.ts';
import type { Progress } from '../progress.ts';
import { keepServerRunning } from './keep-server-running.ts';

/**
 * A model call carries its whole history in one message: a million tokens are about 4 MB. Above 8 MB
 * the server itself warns.
 */
const maxPayloadBytes = 8 * 1024 * 1024;

/** Addresses of the three servers; passwords are part of them. */
export interface ServerAddresses {
  readonly natsUrl: string;
  readonly redisUrl: string;
  readonly databaseUrl: string;
}

interface ServerNeeds {
  readonly config: LauncherConfig;
  readonly directory: DataDirectory;
  readonly secrets: InstallationSecrets;
  readonly progress: Progress;
  /** Takes what must be stopped, also when another server fails to start. */
  onStop(stop: () => Promise<void>): void;
}

// A unix socket's path must fit into 108 bytes on Linux and 104 on macOS, its name included.
const longestSocketFolder = 80;
// Bridges are told the address of the bus: it should be the same after each start.
const usualNatsPort = 14_222;

/** Starts NATS, Redis and the database side by side, except those whose address was given. */
export async function startServers(needs: ServerNeeds): Promise<ServerAddresses> {
  const { config, progress } = needs;
  const given = (name: string, url: string) => {
    progress.say(`${name}: the one that was given`);
    return Promise.resolve(url);
  };
  const started = await Promise.allSettled([
    config.natsUrl === undefined ? startBus(needs) : given('NATS', config.natsUrl),
    config.redisUrl === undefined ? startQueues(needs) : given('Redis', config.redisUrl),
    config.databaseUrl === undefined
      ? startDatabase(needs)
      : given('PostgreSQL', config.databaseUrl),
  ]);
  const [natsUrl = '', redisUrl = '', databaseUrl = ''] = started.map((one) => {
    if (one.status === 'rejected') throw one.reason;
    return one.value;
  });
  return { natsUrl, redisUrl, databaseUrl };
}

async function startBus({ directory, secrets, progress, onStop }: ServerNeeds): Promise<string> {
  const configText = await serverConfigText(secrets.bus);
  const start = (port: number) =>
    startNats({
      maxPayloadBytes,
      dataDir: directory.natsDir,
      port,
      configText,
      syncAlways: true,
      onProgress: progress.say,
    });
  const startAtUsualPort = async () => {
    if (!(await portIsFree(usualNatsPort))) return start(0);
    return start(usualNatsPort).catch((error: unknown) => {
      // Somebody took the port in between.
      if (error instanceof EmbeddedServerError && error.code !== 'BINARY_MISSING') return start(0);
      throw error;
    });
  };
  const startAgain = async (port: number) => {
    const handle = await start(port);
    // Streams in memory are gone with the server: without LIVE nobody could join in mid-answer.
    await provisionStreams(handle.url, secrets).then(
      () => progress.say('The NATS server is back, with all its streams.'),
      (error: unknown) => progress.say(`streams on the bus: ${String(error)}`),
    );
    return handle;
  };
  const server = await progress.step('NATS server', () =>
    keepServerRunning(
      (port) => (port === undefined ? startAtUsualPort() : startAgain(port)),
      progress.say,
    ),
  );
  onStop(() => server.stop());
  return server.url;
}

/** Makes the streams that are missing; harmless to repeat. */
export async function provisionStreams(url: string, secrets: InstallationSecrets): Promise<void> {
  await provisionBus({ url, credentials: await provisionerCredentials(secrets.bus) });
}

async function startQueues({ directory, secrets, progress, onStop }: ServerNeeds): Promise<string> {
  const server = await progress.step('Redis server', () =>
    keepServerRunning(
      (port) =>
        startRedis({
          dataDir: directory.redisDir,
          password: secrets.redisPassword,
          onProgress: progress.say,
          ...(port === undefined ? {} : { port }),
        }),
      progress.say,
    ),
  );
  onStop(() => server.stop());
  return server.url;
}

async function startDatabase({ directory, progress, onStop }: ServerNeeds): Promise<string> {
  const socketDirectory = join(directory.runDir, 'postgres');
  // A port is open to every user of the machine; a socket of mode 0600 is not.
  const hasSockets =
    process.platform !== 'win32' && Buffer.byteLength(socketDirectory) <= longestSocketFolder;
  const server = await progress.step('database (PGlite)', () =>
    startPglite({
      dataDir: directory.databaseDir,
      onProgress: progress.say,
      ...(hasSockets ? { socketDirectory } : {}),
    }),
  );
  onStop(() => server.stop());
  return server.url;
}
