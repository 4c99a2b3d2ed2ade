import {
  type DatabaseConnection,
  type Dialect,
  type Driver,
  PostgresAdapter,
  PostgresIntrospector,
  PostgresQueryCompiler,
  type TransactionSettings,
} from 'kysely';
import type pg from 'pg';
import { toDatabaseError } from './connection-errors.ts';
import { RoleConnection, type RoleSession } from './role-connection.ts';

/** A kysely dialect for PostgreSQL whose every statement runs as the role of `session`. */
export function roleDialect(pool: pg.Pool, session: RoleSession): Dialect {
  return {
    createAdapter: () => new PostgresAdapter(),
    createDriver: () => new RoleDriver(pool, session),
    createIntrospector: (db) => new PostgresIntrospector(db),
    createQueryCompiler: () => new PostgresQueryCompiler(),
  };
}

/** Hands out connections of a pool that somebody else owns and closes. */
class RoleDriver implements Driver {
  readonly #pool: pg.Pool;
  readonly #session: RoleSession;

  constructor(pool: pg.Pool, session: RoleSession) {
    this.#pool = pool;
    this.#session = session;
  }

  async init(): Promise<void> {}

  async acquireConnection(): Promise<RoleConnection> {
    try {
      return new RoleConnection(await this.#pool.connect(), this.#session);
    } catch (error) {
      throw toDatabaseError(error);
    }
  }

  async beginTransaction(connection: DatabaseConnection, settings: TransactionSettings) {
    await ours(connection).begin(settings);
  }

  async commitTransaction(connection: DatabaseConnection) {
    await ours(connection).commit();
  }

  async rollbackTransaction(connection: DatabaseConnection) {
    await ours(connection).rollback();
  }

  async releaseConnection(connection: DatabaseConnection) {
    ours(connection).release();
  }

  async destroy(): Promise<void> {}
}

function ours(connection: DatabaseConnection): RoleConnection {
  if (connection instanceof RoleConnection) return connection;
  throw new TypeError('a connection that this driver did not make');
}
