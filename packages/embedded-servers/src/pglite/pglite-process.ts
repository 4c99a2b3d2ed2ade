// The database's own process: a query in PGlite blocks the event loop it runs on.
import { chmodSync, existsSync, mkdirSync, openAsBlob, rmSync } from 'node:fs';
import { join } from 'node:path';
import { vector } from '@electric-sql/pglite-pgvector';
import { PGLiteSocketServer } from '@electric-sql/pglite-socket';
import { dumpDatabase } from './data-dumps.ts';
import { copyDatabaseTemplate, FIRST_STATEMENTS } from './database-template.ts';
import type { FromPglite, PgliteArguments, ToPglite } from './messages.ts';
import { PipelineSafePglite } from './pipeline-safe-pglite.ts';

const HEARTBEAT_MS = 250;
const CLOSE_LIMIT_MS = 3000;
const GZIP = { type: 'application/gzip' };

// The launcher is the only writer of this argument, so its shape is taken on trust.
const options = JSON.parse(process.argv[2] ?? '{}') as PgliteArguments;

function tell(message: FromPglite): void {
  if (process.connected) process.send?.(message);
}

/** Opens the data directory; a new one is filled from the dump that was named, else from a kept template, else made. */
async function openDatabase(): Promise<PipelineSafePglite> {
  const dataDir = join(options.dataDir, 'pgdata');
  const isNew = !existsSync(join(dataDir, 'PG_VERSION'));
  mkdirSync(dataDir, { recursive: true, mode: 0o700 });
  const dump = isNew ? options.dumpFile : undefined;
  if (isNew && dump === undefined) copyDatabaseTemplate(dataDir, options.templateFolder);
  const db = new PipelineSafePglite({
    dataDir,
    extensions: { vector },
    ...(dump === undefined ? {} : { loadDataDir: await openAsBlob(dump, GZIP) }),
  });
  await db.waitReady;
  await db.exec(FIRST_STATEMENTS);
  return db;
}

async function listen(db: PipelineSafePglite): Promise<PGLiteSocketServer> {
  const { socketPath, port, maxConnections } = options;
  if (socketPath !== undefined) rmSync(socketPath, { force: true });
  const where = socketPath === undefined ? { port, host: '127.0.0.1' } : { path: socketPath };
  const server = new PGLiteSocketServer({ db, maxConnections, ...where });
  await server.start();
  if (socketPath !== undefined) chmodSync(socketPath, 0o600);
  return server;
}

async function close(
  parts: { db: PipelineSafePglite; server: PGLiteSocketServer },
  dump: boolean,
): Promise<void> {
  await parts.server.stop();
  try {
    if (dump) await dumpDatabase(parts.db, options.dataDir);
  } catch (error) {
    console.error('the dump failed', error); // A full disk must not keep the database from closing.
  }
  await parts.db.close();
  process.exit(0);
}

async function serve(): Promise<void> {
  const db = await openDatabase();
  const server = await listen(db);
  let isClosing = false;
  const closeAndExit = (dump: boolean) => {
    if (isClosing) return;
    isClosing = true;
    close({ db, server }, dump).catch((error: unknown) => {
      console.error('closing failed', error);
      process.exit(1);
    });
  };
  process.on('message', (message: ToPglite) => {
    if (message.kind === 'stop') return closeAndExit(message.dump);
    dumpDatabase(db, options.dataDir).then(
      (path) => tell({ kind: 'dumped', sentence: `The database was dumped to ${path}.` }),
      (error: unknown) => tell({ kind: 'dumped', sentence: `The dump failed: ${String(error)}` }),
    );
  });
  process.on('SIGTERM', () => closeAndExit(false));
  process.on('disconnect', () => {
    // The launcher is gone. Without it nobody knows the port: end, and soon.
    setTimeout(() => process.exit(1), CLOSE_LIMIT_MS).unref();
    closeAndExit(false);
  });
  if (!process.connected) return closeAndExit(false);
  setInterval(() => tell({ kind: 'heartbeat', lastWorkAt: db.lastWorkAt }), HEARTBEAT_MS);
  const port = Number(server.getServerConn().split(':').at(-1));
  tell({ kind: 'ready', port: Number.isNaN(port) ? 0 : port });
}

// The terminal's Ctrl-C is the launcher's to handle.
process.on('SIGINT', () => {});
await serve();
