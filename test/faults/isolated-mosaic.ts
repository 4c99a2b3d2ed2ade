import { readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { setTimeout as pause } from 'node:timers/promises';
import type { ServiceName } from '@mosaic/proto';
import { launchMosaic, type RunningMosaic, startVendors, waitFor } from '@mosaic/test-kit';

/** Where each server keeps its data, and with it the record of its process. */
const serverFolders = { nats: 'nats', redis: 'redis', database: 'postgres' } as const;
export type ServerName = keyof typeof serverFolders;
type Name = ServiceName | ServerName;

/** A Mosaic whose every service and server is a process that can be killed and frozen. */
export interface IsolatedMosaic {
  readonly mosaic: RunningMosaic;
  pidOf(name: Name): Promise<number>;
  /** Ends a service or server at once; resolves when another process has taken its place. */
  kill(name: Name): Promise<void>;
  /** Asks a service to stop; resolves when another process has taken its place. */
  restart(name: ServiceName): Promise<void>;
  /** Stands still for so long, with all its connections open. */
  freeze(name: Name, ms: number): Promise<void>;
  /** Stands still until the returned function is called. */
  hold(name: Name): Promise<() => void>;
  stop(): Promise<void>;
}

/** The model that a friendly message goes to by the default rules, which titles never ask. */
export const talker = 'claude-sonnet-4-6';

export async function startIsolated(): Promise<IsolatedMosaic> {
  const vendors = await startVendors({ paceMs: 15, journalLimit: 50 });
  const mosaic = await launchMosaic({ args: ['--isolate'], vendors, timeoutMs: 240_000 });
  const pidOf = async (name: Name) => {
    if (name in serverFolders) {
      const folder = serverFolders[name as ServerName];
      return JSON.parse(await readFile(join(mosaic.dataDir, folder, 'server.json'), 'utf8')).pid;
    }
    return Number(await readFile(join(mosaic.dataDir, 'run', `${name}.pid`), 'utf8'));
  };
  const isAnswering = () =>
    fetch(`${mosaic.url}/readyz`).then(
      () => true,
      () => false,
    );
  const end = async (name: Name, signal: NodeJS.Signals) => {
    const pid = await pidOf(name);
    process.kill(pid, signal);
    const isOther = async () => ![pid, 0].includes(await pidOf(name).catch(() => 0));
    await waitFor(isOther, { what: `another ${name}` });
    // A process is there before it listens, and those who look at what became of the turns ask at once.
    if (name === 'gateway') await waitFor(isAnswering, { what: 'the gateway' });
  };
  const hold = async (name: Name) => {
    const pid = await pidOf(name);
    process.kill(pid, 'SIGSTOP');
    return () => {
      process.kill(pid, 'SIGCONT');
    };
  };
  return {
    mosaic,
    pidOf,
    kill: (name) => end(name, 'SIGKILL'),
    restart: (name) => end(name, 'SIGTERM'),
    hold,
    async freeze(name, ms) {
      const goOn = await hold(name);
      await pause(ms);
      goOn();
    },
    async stop() {
      await mosaic.stop();
      await vendors.stop();
    },
  };
}
