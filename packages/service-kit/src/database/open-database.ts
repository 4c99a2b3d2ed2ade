import { setTimeout as delay } from 'node:timers/promises';
import { MosaicError } from '@mosaic/proto';
import { Kysely, type Transaction } from 'kysely';
import pg from 'pg';
import { isConnectionError } from './connection-errors.ts';
import { migrateSchema } from './migrate-schema.ts';
import type { Database, DatabaseOptions } from './port.ts';
import { readMigrations } from './read-migrations.ts';
import type { RoleSession } from './role-connection.ts';
import { roleDialect } from './role-dialect.ts';
import { setLocalSession } from './session-statements.ts';

const usualStatementTimeoutMs = 15_000;
const connectTimeoutMs = 10_000;
const readyTimeoutMs = 1_000;
/** Services start in any order, so a database that is still starting is waited for. */
const usualStartTimeoutMs = 20_000;
const startRetryMs = 250;
const int8Oid = 20;

/** Opens a pool for one service's schema; connects at first use. Throws only for impossible names. */
export function openDatabase<Tables>(options: DatabaseOptions): Database<Tables> {
  const pool = openPool(options);
  const sessionOf = (userId: string | null): RoleSession => ({
    setLocal: setLocalSession(options, userId),
    statementTimeoutMs: options.statementTimeoutMs ?? usualStatementTimeoutMs,
  });
  const transact = <Result>(
    userId: string | null,
    work: (tx: Transaction<Tables>) => Promise<Result>,
  ): Promise<Result> =>
    new Kysely<Tables>({ dialect: roleDialect(pool, sessionOf(userId)) })
      .transaction()
      .execute(work);
  return {
    migrate: () => migrate(pool, options),
    asUser: async (caller, work) => transact(caller.userId, work),
    asService: async (work) => transact(null, work),
    guarded: new Kysely<Tables>({ dialect: roleDialect(pool, sessionOf(null)) }),
    isReady: () => isReady(pool),
    close: () => pool.end(),
  };
}

function openPool(options: DatabaseOptions): pg.Pool {
  const pool = new pg.Pool({
    connectionString: options.url,
    max: options.poolSize ?? 4,
    connectionTimeoutMillis: connectTimeoutMs,
    keepAlive: true,
    // Counts and sequence numbers stay far below 2^53; as text they would only invite mistakes.
    types: {
      getTypeParser: (oid, format) =>
        oid === int8Oid ? Number : pg.types.getTypeParser(oid, format),
    },
  });
  // A connection that breaks tells its running statement; without listeners it would end the process.
  pool.on('error', () => {});
  pool.on('connect', (client) => client.on('error', () => {}));
  return pool;
}

async function migrate(pool: pg.Pool, options: DatabaseOptions): Promise<void> {
  const migrations = await readMigrations(options.migrationsDir);
  const patienceMs = options.startTimeoutMs ?? usualStartTimeoutMs;
  const giveUpAt = Date.now() + patienceMs;
  for (;;) {
    try {
      return await withClient(pool, (client) => migrateSchema(client, options, migrations));
    } catch (error) {
      if (!isConnectionError(error)) throw error;
      if (Date.now() > giveUpAt) throw unreachable(options.url, patienceMs, error);
      await delay(startRetryMs);
    }
  }
}

async function withClient(pool: pg.Pool, work: (client: pg.PoolClient) => Promise<void>) {
  const client = await pool.connect();
  let hasFailed = true;
  try {
    await work(client);
    hasFailed = false;
  } finally {
    client.release(hasFailed);
  }
}

function unreachable(url: string, patienceMs: number, cause: unknown): MosaicError {
  const { hostname, port } = new URL(url);
  const seconds = patienceMs / 1_000;
  return new MosaicError(
    'service_unavailable',
    `PostgreSQL at ${hostname}:${port || '5432'} could not be reached for ${seconds} seconds: start it, or correct DATABASE_URL.`,
    { cause },
  );
}

/** `select 1` needs no role: it reads no table. */
async function isReady(pool: pg.Pool): Promise<boolean> {
  const abandoned = new AbortController();
  const answered = pool.query('select 1').then(
    () => true,
    () => false,
  );
  const tooLate = delay(readyTimeoutMs, false, { signal: abandoned.signal }).catch(() => false);
  try {
    return await Promise.race([answered, tooLate]);
  } finally {
    abandoned.abort();
  }
}
