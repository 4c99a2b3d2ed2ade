import { fileURLToPath } from 'node:url';
import { type ServerProcess, spawnServer, waitUntilReady } from '../process/spawn-server.ts';
import type { FromPglite, PgliteArguments, ToPglite } from './messages.ts';

const PROGRAM = fileURLToPath(new URL('./pglite-process.ts', import.meta.url));
// The first start makes a new database (3 to 8 s measured), on a busy machine much longer.
const READY_LIMIT_MS = 120_000;
const STOP_GRACE_MS = 30_000;

/** When the process was last heard of, and when it last worked for a client (`Date.now()`). */
export type LastSign = { readonly heartbeatAt: number; readonly workAt: number };

/** One run of the database's process. */
export type RunningPglite = {
  readonly server: ServerProcess;
  readonly port: number;
  readonly lastSign: () => LastSign;
  /** Writes a dump and settles with a sentence about it. */
  dump(): Promise<string>;
  end(options: { dump: boolean }): Promise<void>;
};

/** Starts the process and waits until it accepts connections; errors as `waitUntilReady`. */
export async function launchPglite(args: PgliteArguments): Promise<RunningPglite> {
  const server = spawnServer({
    name: 'PGlite database',
    binary: process.execPath,
    args: [PROGRAM, JSON.stringify(args)],
    dataDir: args.dataDir,
    ipc: true,
  });
  let port: number | undefined;
  let lastSign: LastSign = { heartbeatAt: 0, workAt: 0 };
  let onDumped = (_sentence: string) => {};
  server.child.on('message', (message: FromPglite) => {
    if (message.kind === 'heartbeat') {
      lastSign = { heartbeatAt: Date.now(), workAt: message.lastWorkAt };
    }
    if (message.kind === 'ready') port = message.port;
    if (message.kind === 'dumped') onDumped(message.sentence);
  });
  // A send that fails means the process is gone, which `exited` tells.
  const tell = (message: ToPglite) => server.child.send(message, () => {});
  await waitUntilReady(server, async () => port !== undefined, READY_LIMIT_MS);
  return {
    server,
    port: port ?? 0,
    lastSign: () => lastSign,
    async dump() {
      const dumped = new Promise<string>((resolve) => {
        onDumped = resolve;
      });
      tell({ kind: 'dump' });
      const ended = server.exited.then(() => 'The database ended before the dump was written.');
      return Promise.race([dumped, ended]);
    },
    end: ({ dump }) =>
      server.end({ graceMs: STOP_GRACE_MS, request: () => tell({ kind: 'stop', dump }) }),
  };
}
