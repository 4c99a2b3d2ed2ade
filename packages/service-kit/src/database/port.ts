import type { Kysely, Transaction } from 'kysely';
import type { SignedCaller } from '../bus/port.ts';

export interface DatabaseOptions {
  /** `postgres://…`; PGlite's socket and a PostgreSQL server speak the same wire. */
  readonly url: string;
  /** The one schema of this service; also the name of its migrations. */
  readonly schema: string;
  /** Role under which every statement runs: neither owner nor superuser. */
  readonly role: string;
  /** Folder with `<stamp>_<name>/migration.sql`, Prisma's layout. */
  readonly migrationsDir: string;
  /** Connections in the pool; 4 when not given. */
  readonly poolSize?: number;
  /** Longest run of one statement in milliseconds; then its connection is destroyed. 15,000 when not given. */
  readonly statementTimeoutMs?: number;
  /** How long `migrate` waits for a database that is still starting; 20,000 when not given. */
  readonly startTimeoutMs?: number;
}

/**
 * The only way to the tables. Each call is one short transaction that first sets role and user for
 * itself alone; nothing else may run in it, and never a bus call (on PGlite it would block everybody).
 */
export interface Database<Tables> {
  /** Applies missing migrations under an advisory lock; `database_newer` when the code is older. */
  migrate(): Promise<void>;
  /** Runs `work` as the caller: row level security shows and accepts that user's rows only. */
  asUser<Result>(
    caller: Pick<SignedCaller, 'userId'>,
    work: (tx: Transaction<Tables>) => Promise<Result>,
  ): Promise<Result>;
  /** Runs `work` with no user set: tables with user rows show nothing; for tables of the service itself. */
  asService<Result>(work: (tx: Transaction<Tables>) => Promise<Result>): Promise<Result>;
  /**
   * A Kysely whose every statement runs inside its own `asService` transaction, for libraries that
   * bring their own queries (better-auth).
   */
  readonly guarded: Kysely<Tables>;
  /** True when a trivial statement is answered within a second. */
  isReady(): Promise<boolean>;
  close(): Promise<void>;
}
