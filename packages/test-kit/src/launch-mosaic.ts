import { type ChildProcessByStdio, spawn } from 'node:child_process';
import { once } from 'node:events';
import { readFile } from 'node:fs/promises';
import { createInterface } from 'node:readline';
import type { Readable } from 'node:stream';
import { setTimeout } from 'node:timers/promises';
import { fileURLToPath } from 'node:url';
import { environmentForChild } from './process-environment.ts';
import { type TemporaryDirectory, temporaryDirectory } from './temporary-directory.ts';
import { startVendors, type VendorServers } from './vendors/start-vendors.ts';

const launcher = fileURLToPath(new URL('../../../deploy/local/src/main.ts', import.meta.url));
const STOP_LIMIT_MS = 60_000;

export interface LaunchMosaicOptions {
  /** Added to the environment, above everything this function sets. */
  readonly env?: Readonly<Record<string, string>>;
  /** Added to `up`, e.g. `--isolate`. */
  readonly args?: readonly string[];
  /** A data directory that outlives this start; without one a temporary one is used. */
  readonly dataDir?: string;
  /** Vendors of an earlier start; without them new ones are started, which answer at once. */
  readonly vendors?: VendorServers;
  /** 180 seconds when left out. */
  readonly timeoutMs?: number;
}

export interface RunningMosaic extends AsyncDisposable {
  /** Of the gateway. */
  readonly url: string;
  readonly pid: number;
  readonly dataDir: string;
  /** Bearer token of the local owner. */
  readonly ownerToken: string;
  /** The vendors it talks to: scripts and journal are here. In demo mode nobody asks them. */
  readonly vendors: VendorServers;
  /** All lines it printed so far. */
  output(): string;
  /** Ends the launcher as a power cut would; nothing is cleaned up. */
  kill9(): Promise<void>;
  /** Stops it as Ctrl-C does, then removes what this start made: vendors, temporary directory. */
  stop(): Promise<void>;
}

type Child = ChildProcessByStdio<null, Readable, Readable>;

interface ReadyLine {
  readonly url: string;
  readonly ownerTokenFile: string;
}

/** The line of `up --json` that says it is ready; undefined for every other line. */
function readReadyLine(line: string): ReadyLine | undefined {
  if (!line.startsWith('{')) return undefined;
  const { event, url, ownerTokenFile } = JSON.parse(line) as Record<string, unknown>;
  if (event !== 'ready' || typeof url !== 'string' || typeof ownerTokenFile !== 'string') {
    return undefined;
  }
  return { url, ownerTokenFile };
}

function hasEnded(child: Child): boolean {
  return child.exitCode !== null || child.signalCode !== null;
}

function waitUntilReady(child: Child, lines: string[], timeoutMs: number): Promise<ReadyLine> {
  return new Promise((resolve, reject) => {
    const fail = (why: string) => reject(new Error(`Mosaic ${why}:\n${lines.join('\n')}`));
    const timer = globalThis.setTimeout(() => fail(`was not ready in ${timeoutMs} ms`), timeoutMs);
    child.once('exit', (code) => {
      clearTimeout(timer);
      fail(`ended with exit code ${code} before it was ready`);
    });
    for (const stream of [child.stdout, child.stderr]) {
      createInterface({ input: stream }).on('line', (line) => {
        lines.push(line);
        const ready = readReadyLine(line);
        if (ready === undefined) return;
        clearTimeout(timer);
        resolve(ready);
      });
    }
  });
}

async function endProcess(child: Child, signal: 'SIGTERM' | 'SIGKILL'): Promise<void> {
  if (hasEnded(child)) return;
  const ended = once(child, 'exit');
  child.kill(signal);
  await Promise.race([ended, setTimeout(STOP_LIMIT_MS, undefined, { ref: false })]);
  if (hasEnded(child)) return;
  child.kill('SIGKILL');
  await ended;
}

/** Ends what the launcher left behind: it leads a process group of its own. */
function endGroup({ pid }: Child): void {
  if (pid === undefined) return;
  try {
    process.kill(-pid, 'SIGKILL');
  } catch (thrown) {
    const isGone = thrown instanceof Error && 'code' in thrown && thrown.code === 'ESRCH';
    if (!isGone) throw thrown;
  }
}

function startProcess(
  dataDir: string,
  vendors: VendorServers,
  options: LaunchMosaicOptions,
): Child {
  const env = environmentForChild({
    ...vendors.environment(),
    MOSAIC_DATA_DIR: dataDir,
    MOSAIC_PORT: '0',
    MOSAIC_DEMO: '0',
    ...options.env,
  });
  return spawn(process.execPath, [launcher, 'up', '--json', ...(options.args ?? [])], {
    env,
    stdio: ['ignore', 'pipe', 'pipe'],
    detached: true,
  });
}

/**
 * Starts a whole Mosaic of its own with the real launcher: own data directory, free port, vendors
 * of the test instead of the real ones. Throws with everything it printed when it does not get
 * ready.
 */
export async function launchMosaic(options: LaunchMosaicOptions = {}): Promise<RunningMosaic> {
  const temporary: TemporaryDirectory | undefined =
    options.dataDir === undefined ? await temporaryDirectory() : undefined;
  const dataDir = options.dataDir ?? temporary?.path ?? '';
  const vendors = options.vendors ?? (await startVendors({ paceMs: 1 }));
  const child = startProcess(dataDir, vendors, options);
  const lines: string[] = [];
  const stop = async () => {
    await endProcess(child, 'SIGTERM');
    endGroup(child);
    if (options.vendors === undefined) await vendors.stop();
    await temporary?.remove();
  };
  try {
    const ready = await waitUntilReady(child, lines, options.timeoutMs ?? 180_000);
    return {
      url: ready.url,
      pid: child.pid ?? 0,
      dataDir,
      ownerToken: (await readFile(ready.ownerTokenFile, 'utf8')).trim(),
      vendors,
      output: () => lines.join('\n'),
      kill9: () => endProcess(child, 'SIGKILL'),
      stop,
      [Symbol.asyncDispose]: stop,
    };
  } catch (thrown) {
    await stop();
    throw thrown;
  }
}
