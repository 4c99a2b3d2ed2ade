import { mkdirSync } from 'node:fs';
import { join, resolve } from 'node:path';
import { ownDataDirectory } from '../process/own-data-directory.ts';
import { startOnPort } from '../process/start-on-port.ts';
import type { OnProgress, ServerHandle } from '../server-handle.ts';
import { keepPgliteRunning } from './keep-pglite-running.ts';
import { launchPglite, type RunningPglite } from './launch-pglite.ts';
import type { PgliteArguments } from './messages.ts';
import type { WatchdogLimits } from './watchdog.ts';
import { type PostgresAddress, runStatement } from './wire-statement.ts';

const NIGHTLY_HOUR = 3;
const VACUUM_LIMIT_MS = 600_000;
// The name PostgreSQL clients look for in the directory given as their host.
const SOCKET_NAME = '.s.PGSQL.5432';

export type StartPgliteOptions = {
  /** Of this database alone: `pgdata/`, `dumps/`, log. Made when missing. */
  readonly dataDir: string;
  /** 0 or absent: a free one. `PORT_IN_USE` when it is taken. */
  readonly port?: number;
  /**
   * Listens on a unix socket (mode 0600) in this directory instead of a port. PGlite takes any
   * user and password as superuser, so a port is open to every user of the machine.
   */
  readonly socketDirectory?: string;
  /** Default 64. One session serves them all in turn. */
  readonly maxConnections?: number;
  /** A dump from `dumps/` that a database in an empty `dataDir` is restored from. */
  readonly dumpFile?: string;
  /** Where a kept template of a new database is looked for; beside the packages by default. */
  readonly templateFolder?: string;
  /** Default true: a dump on `stop()` (0.4 s when small) and each night at three. */
  readonly dumps?: boolean;
  readonly watchdog?: WatchdogLimits;
  /** Told when the database hung or ended and is being restarted at the same url. */
  readonly onRestart?: (sentence: string) => void;
  readonly onProgress?: OnProgress;
};

export type PgliteHandle = ServerHandle & {
  /** Of the run at this moment: another one after a restart. */
  readonly pid: number;
  /** Vacuums and writes a dump to `dumps/` now; everyone waits meanwhile. */
  dump(): Promise<void>;
};

function nextNight(): number {
  const now = new Date();
  const night = new Date(now);
  night.setHours(NIGHTLY_HOUR, 0, 0, 0);
  if (night <= now) night.setDate(night.getDate() + 1);
  return night.getTime() - now.getTime();
}

/** Calls `work` each night until the returned function is called. */
function everyNight(work: () => Promise<void>): () => void {
  let timer: NodeJS.Timeout;
  const arm = () => {
    timer = setTimeout(() => void work().finally(arm), nextNight());
    timer.unref();
  };
  arm();
  return () => clearTimeout(timer);
}

function addressOf(args: PgliteArguments, running: RunningPglite): PostgresAddress {
  return args.socketPath === undefined ? { port: running.port } : { socketPath: args.socketPath };
}

function urlOf(options: StartPgliteOptions, port: number): string {
  if (options.socketDirectory === undefined) {
    return `postgres://postgres@127.0.0.1:${port}/postgres`;
  }
  const host = encodeURIComponent(resolve(options.socketDirectory));
  return `postgres://postgres@localhost/postgres?host=${host}`;
}

function toArguments(options: StartPgliteOptions, dataDir: string): PgliteArguments {
  const { socketDirectory, dumpFile, templateFolder, maxConnections = 64 } = options;
  if (socketDirectory !== undefined) mkdirSync(socketDirectory, { recursive: true, mode: 0o700 });
  return {
    dataDir,
    port: 0,
    maxConnections,
    ...(socketDirectory === undefined
      ? {}
      : { socketPath: join(resolve(socketDirectory), SOCKET_NAME) }),
    ...(dumpFile === undefined ? {} : { dumpFile: resolve(dumpFile) }),
    ...(templateFolder === undefined ? {} : { templateFolder }),
  };
}

function supervise(
  first: RunningPglite,
  context: {
    args: PgliteArguments;
    options: StartPgliteOptions;
    onProgress: OnProgress;
    release: () => void;
  },
): PgliteHandle {
  const { args, options, onProgress, release } = context;
  const address = addressOf(args, first);
  let isMaintaining = false;
  const kept = keepPgliteRunning(first, {
    launch: () => launchPglite({ ...args, port: first.port }),
    answers: async (timeoutMs) =>
      isMaintaining || (await runStatement(address, { sql: 'select 1', timeoutMs })) !== 'silent',
    limits: options.watchdog ?? {},
    onRestart: options.onRestart ?? onProgress,
    onProgress,
  });
  const dump = async () => {
    isMaintaining = true;
    try {
      // There is no autovacuum: PGlite has one backend and no workers.
      await runStatement(address, { sql: 'vacuum (analyze)', timeoutMs: VACUUM_LIMIT_MS });
      onProgress(await kept.current().dump());
    } finally {
      isMaintaining = false;
    }
  };
  const dumps = options.dumps ?? true;
  const cancelNights = dumps ? everyNight(dump) : () => {};
  const exited = kept.exited.finally(() => {
    cancelNights();
    release();
  });
  return {
    url: urlOf(options, first.port),
    get pid() {
      return kept.current().server.pid;
    },
    exited,
    dump,
    async stop() {
      await kept.stop({ dump: dumps });
      await exited;
    },
  };
}

/**
 * Starts PGlite (PostgreSQL 18 in WASM, with the `vector` extension created) in a process of its
 * own, and keeps it running. All clients share one superuser session: run every statement in a
 * short transaction that sets its role and user locally; see `DATA_DIR_IN_USE` for a second
 * start, since PGlite itself would open the same files twice and ruin them.
 */
export async function startPglite(options: StartPgliteOptions): Promise<PgliteHandle> {
  const onProgress = options.onProgress ?? (() => {});
  const { path, lock } = await ownDataDirectory(options.dataDir, {
    purpose: 'database',
    onProgress,
  });
  try {
    const args = toArguments(options, path);
    const wanted = args.socketPath === undefined ? options.port : undefined;
    const first = await startOnPort(wanted, (port) =>
      launchPglite({ ...args, port: wanted === undefined ? 0 : port }),
    );
    return supervise(first, { args, options, onProgress, release: () => lock.release() });
  } catch (error) {
    lock.release();
    throw error;
  }
}
