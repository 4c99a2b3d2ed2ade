import { MosaicError } from '@mosaic/proto';
import {
  AbortedTransactionError,
  type CompiledQuery,
  type DatabaseConnection,
  type QueryResult,
  type TransactionSettings,
} from 'kysely';
import type pg from 'pg';
import { toDatabaseError } from './connection-errors.ts';

/** Who a transaction runs as; made by `asRole`, which checks everything that goes into the text. */
export interface RoleSession {
  /** `select set_config(…)` calls that set search path, user and role for one transaction. */
  readonly setLocal: string;
  readonly statementTimeoutMs: number;
}

const changing = new Set(['INSERT', 'UPDATE', 'DELETE', 'MERGE']);

/**
 * One pooled client for the length of one kysely connection. Outside a transaction the session is
 * whoever logged in (on PGlite the superuser), so a statement that comes without one gets its own.
 */
export class RoleConnection implements DatabaseConnection {
  readonly #client: pg.PoolClient;
  readonly #session: RoleSession;
  #isInTransaction = false;
  #isBroken = false;

  constructor(client: pg.PoolClient, session: RoleSession) {
    this.#client = client;
    this.#session = session;
  }

  async executeQuery<Row>(query: CompiledQuery): Promise<QueryResult<Row>> {
    if (this.#isInTransaction) return this.#execute<Row>(query);
    await this.begin({});
    try {
      const result = await this.#execute<Row>(query);
      await this.commit();
      return result;
    } catch (error) {
      await this.rollback();
      throw error;
    }
  }

  // biome-ignore lint/correctness/useYield: kysely asks for the method; streaming needs a cursor package and no store wants it.
  async *streamQuery<Row>(): AsyncIterableIterator<QueryResult<Row>> {
    throw new MosaicError('internal', 'Queries are not streamed: read them in pages.');
  }

  /** Begins, and sets role and user in the same message: there is no moment in between. */
  async begin(settings: TransactionSettings): Promise<void> {
    const isolation = settings.isolationLevel ? ` isolation level ${settings.isolationLevel}` : '';
    const access = settings.accessMode ? ` ${settings.accessMode}` : '';
    await this.#control(`begin${isolation}${access}; ${this.#session.setLocal}`);
    this.#isInTransaction = true;
  }

  async commit(): Promise<void> {
    this.#isInTransaction = false;
    const { command } = await this.#control('commit');
    // PostgreSQL answers COMMIT with ROLLBACK when a statement had failed and nobody threw.
    if (command === 'ROLLBACK') throw new AbortedTransactionError();
  }

  /** Never throws: the error that led here matters more, and a client in doubt is destroyed. */
  async rollback(): Promise<void> {
    this.#isInTransaction = false;
    if (this.#isBroken) return;
    try {
      await this.#control('rollback');
    } catch {
      this.#isBroken = true;
    }
  }

  release(): void {
    this.#client.release(this.#isBroken || this.#isInTransaction);
  }

  async #execute<Row>(query: CompiledQuery): Promise<QueryResult<Row>> {
    const { command, rowCount, rows } = await this.#guard(
      this.#client.query(query.sql, [...query.parameters]),
    );
    return changing.has(command)
      ? { rows, numAffectedRows: BigInt(rowCount ?? 0) }
      : { rows: rows ?? [] };
  }

  async #control(sql: string): Promise<{ readonly command: string }> {
    try {
      return await this.#guard(this.#client.query(sql));
    } catch (error) {
      this.#isBroken = true;
      throw error;
    }
  }

  /** `statement_timeout` does nothing on PGlite, so the limit is kept on this side. */
  async #guard<Result>(pending: Promise<Result>): Promise<Result> {
    const limitMs = this.#session.statementTimeoutMs;
    const timer = setTimeout(() => {
      this.#isBroken = true;
      // With a statement running this destroys the socket, which rejects the statement.
      void this.#client.end();
    }, limitMs);
    try {
      return await pending;
    } catch (error) {
      throw toDatabaseError(error);
    } finally {
      clearTimeout(timer);
    }
  }
}
