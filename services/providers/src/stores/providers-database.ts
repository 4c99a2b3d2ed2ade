import { join } from 'node:path';
import { type Database, openDatabase } from '@mosaic/service-kit';
import type { ProvidersTables } from './tables.ts';

/** The schema of this service. */
export const providersSchema = {
  schema: 'providers',
  role: 'providers_app',
  migrationsDir: join(import.meta.dirname, '..', '..', 'migrations'),
} as const;

/**
 * Records move into the ledger on at most eight connections (ends and starts of four users each); the
 * rest is for whoever waits for an answer: budgets, keys and reports never stand in line behind records
 * alone.
 */
const poolSize = 12;

export type ProvidersDatabase = Database<ProvidersTables>;

/** The one pool of the service. Its tables are made once, whoever needs them first. */
export function openProvidersDatabase(url: string): ProvidersDatabase {
  const db = openDatabase<ProvidersTables>({
    ...providersSchema,
    url,
    poolSize,
    startTimeoutMs: 0,
  });
  let migrating: Promise<void> | undefined;
  return {
    ...db,
    migrate() {
      // One that failed because PostgreSQL is away is tried anew by whoever asks next.
      migrating ??= db.migrate().catch((thrown: unknown) => {
        migrating = undefined;
        throw thrown;
      });
      return migrating;
    },
  };
}
