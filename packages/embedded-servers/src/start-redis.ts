import { randomBytes } from 'node:crypto';
import { writeFileSync } from 'node:fs';
import { createConnection } from 'node:net';
import { join } from 'node:path';
import { findServerBinary } from './find-server-binary.ts';
import { ownDataDirectory } from './process/own-data-directory.ts';
import { spawnServer, waitUntilReady } from './process/spawn-server.ts';
import { startOnPort } from './process/start-on-port.ts';
import type { OnProgress, ServerHandle } from './server-handle.ts';

export type StartRedisOptions = {
  /** Of this server alone: configuration, append-only file, log. Made when missing. */
  readonly dataDir: string;
  /** 0 or absent: a free one. `PORT_IN_USE` when it is taken. */
  readonly port?: number;
  /** Absent: a random one, to be read from the handle's url. */
  readonly password?: string;
  /** Default true: install the program when the machine has none. */
  readonly installIfMissing?: boolean;
  readonly onProgress?: OnProgress;
};

/** `url` holds the password: `redis://:<password>@127.0.0.1:<port>`. */
export type RedisHandle = ServerHandle;

function redisConfig(config: { port: number; path: string; password: string }): string {
  const lines = [
    'bind 127.0.0.1',
    `port ${config.port}`,
    'protected-mode yes',
    `requirepass ${JSON.stringify(config.password)}`,
    'daemonize no',
    `dir ${JSON.stringify(config.path)}`,
    'save ""',
    'appendonly yes',
    'appendfsync everysec',
    // Queues live here: evicting a key would lose a job without a word.
    'maxmemory-policy noeviction',
  ];
  return `${lines.join('\n')}\n`;
}

/** Whether the server answers PING; while it loads its data it answers -LOADING. */
function answersPing(port: number, password: string): Promise<boolean> {
  return new Promise((resolve) => {
    const socket = createConnection({ port, host: '127.0.0.1' });
    const finish = (answer: boolean) => {
      socket.destroy();
      resolve(answer);
    };
    socket.setTimeout(1000, () => finish(false));
    socket.once('error', () => finish(false));
    socket.once('close', () => finish(false));
    const size = Buffer.byteLength(password);
    socket.write(`*2\r\n$4\r\nAUTH\r\n$${size}\r\n${password}\r\n*1\r\n$4\r\nPING\r\n`);
    let text = '';
    socket.on('data', (chunk) => {
      text += chunk.toString();
      if (text.split('\r\n').length > 2) finish(text.includes('+PONG'));
    });
  });
}

/** Starts redis-server with an append-only file on loopback and waits until it has loaded it. */
export async function startRedis(options: StartRedisOptions): Promise<RedisHandle> {
  const onProgress = options.onProgress ?? (() => {});
  const installIfMissing = options.installIfMissing ?? true;
  const binary = await findServerBinary('redis-server', { installIfMissing, onProgress });
  const password = options.password ?? randomBytes(24).toString('base64url');
  const owned = await ownDataDirectory(options.dataDir, { purpose: 'Redis server', onProgress });
  const { path, lock } = owned;
  try {
    const { server, url } = await startOnPort(options.port, async (port) => {
      const configPath = join(path, 'redis.conf');
      writeFileSync(configPath, redisConfig({ port, path, password }), { mode: 0o600 });
      const args = [configPath];
      const started = spawnServer({ name: 'Redis server', binary, args, dataDir: path });
      await waitUntilReady(started, () => answersPing(port, password));
      return { server: started, url: `redis://:${encodeURIComponent(password)}@127.0.0.1:${port}` };
    });
    const exited = server.exited.finally(() => lock.release());
    const stop = async () => {
      await server.end();
      await exited;
    };
    return { url, pid: server.pid, exited, stop };
  } catch (error) {
    lock.release();
    throw error;
  }
}
