import { join } from 'node:path';

/** The schema of this service, for every pool that is opened on it. */
export const ledgerDatabase = {
  schema: 'providers',
  role: 'providers_app',
  migrationsDir: join(import.meta.dirname, '..', '..', 'migrations'),
} as const;
