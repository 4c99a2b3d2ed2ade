import { execFile } from 'node:child_process';
import { rmSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { promisify } from 'node:util';
import { findServerBinary } from './find-server-binary.ts';
import { reservePort } from './free-port.ts';
import { ownDataDirectory } from './process/own-data-directory.ts';
import { spawnServer, waitUntilReady } from './process/spawn-server.ts';
import { startOnPort } from './process/start-on-port.ts';
import type { OnProgress, ServerHandle } from './server-handle.ts';

const MEGABYTE = 1_048_576;

export type StartNatsOptions = {
  /** Of this server alone: configuration, streams, log. Made when missing. */
  readonly dataDir: string;
  /** 0 or absent: a free one. `PORT_IN_USE` when it is taken. */
  readonly port?: number;
  /** More top-level configuration, such as operator, resolver and preloaded accounts. */
  readonly configText?: string;
  /** Writes each stored message through to the disk before it is acknowledged, if it can. */
  readonly syncAlways?: boolean;
  readonly maxPayloadBytes?: number;
  /** Default true: install the program when the machine has none. */
  readonly installIfMissing?: boolean;
  readonly onProgress?: OnProgress;
};

export type NatsHandle = ServerHandle & {
  /** The server's monitoring pages (`/varz`, `/healthz`), loopback only. */
  readonly monitorUrl: string;
  /** What the running server really does: false also when it is too old to know the setting. */
  readonly syncAlways: boolean;
};

/**
 * Asks the program itself whether it knows `sync_interval` (2.9 refuses unknown fields, so
 * version numbers need not be compared).
 */
async function knowsSyncAlways(binary: string, dataDir: string): Promise<boolean> {
  const probe = join(dataDir, 'probe.conf');
  writeFileSync(probe, 'jetstream { sync_interval: always }\n', { mode: 0o600 });
  try {
    await promisify(execFile)(binary, ['-c', probe, '-t']);
    return true;
  } catch {
    return false;
  } finally {
    rmSync(probe, { force: true });
  }
}

function natsConfig(config: {
  port: number;
  monitorPort: number;
  storeDir: string;
  syncAlways: boolean;
  options: StartNatsOptions;
}): string {
  const lines = [
    `listen: "127.0.0.1:${config.port}"`,
    `http: "127.0.0.1:${config.monitorPort}"`,
    'server_name: "mosaic"',
    `max_payload: ${config.options.maxPayloadBytes ?? MEGABYTE}`,
    'jetstream {',
    `  store_dir: ${JSON.stringify(config.storeDir)}`,
    ...(config.syncAlways ? ['  sync_interval: always'] : []),
    '}',
    config.options.configText ?? '',
  ];
  return `${lines.join('\n')}\n`;
}

async function answersHealthy(monitorUrl: string): Promise<boolean> {
  try {
    const answer = await fetch(`${monitorUrl}/healthz`, { signal: AbortSignal.timeout(1000) });
    await answer.arrayBuffer();
    return answer.ok;
  } catch {
    return false;
  }
}

async function launch(
  options: StartNatsOptions,
  at: { binary: string; path: string; port: number; syncAlways: boolean },
) {
  const { path, port, syncAlways } = at;
  const monitorPort = await reservePort();
  const configPath = join(path, 'nats.conf');
  const storeDir = join(path, 'jetstream');
  const config = natsConfig({ port, monitorPort, storeDir, syncAlways, options });
  writeFileSync(configPath, config, { mode: 0o600 });
  const args = ['-c', configPath];
  const server = spawnServer({ name: 'NATS server', binary: at.binary, args, dataDir: path });
  const monitorUrl = `http://127.0.0.1:${monitorPort}`;
  await waitUntilReady(server, () => answersHealthy(monitorUrl));
  return { server, monitorUrl, url: `nats://127.0.0.1:${port}` };
}

/** Starts nats-server with JetStream on loopback and waits until its streams are recovered. */
export async function startNats(options: StartNatsOptions): Promise<NatsHandle> {
  const onProgress = options.onProgress ?? (() => {});
  const installIfMissing = options.installIfMissing ?? true;
  const binary = await findServerBinary('nats-server', { installIfMissing, onProgress });
  const owned = await ownDataDirectory(options.dataDir, { purpose: 'NATS server', onProgress });
  try {
    const syncAlways = options.syncAlways === true && (await knowsSyncAlways(binary, owned.path));
    if (options.syncAlways === true && !syncAlways) {
      onProgress('This nats-server is older than 2.10 and writes to the disk every two minutes.');
    }
    const { server, url, monitorUrl } = await startOnPort(options.port, (port) =>
      launch(options, { binary, path: owned.path, port, syncAlways }),
    );
    const exited = server.exited.finally(() => owned.lock.release());
    const stop = async () => {
      await server.end();
      await exited;
    };
    return { url, monitorUrl, syncAlways, pid: server.pid, exited, stop };
  } catch (error) {
    owned.lock.release();
    throw error;
  }
}
