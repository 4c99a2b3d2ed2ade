import { join } from 'node:path';
import { type Database, openDatabase } from '@mosaic/service-kit';
import { type ApiKeyStore, openApiKeys } from './api-keys.ts';
import { type ChannelStore, openChannels } from './channels.ts';
import type { AuthTables } from './tables.ts';
import { openUsers, type UserStore } from './users.ts';

/** Everything that the gateway keeps: schema `auth`. */
export interface AuthStore {
  readonly db: Database<AuthTables>;
  readonly keys: ApiKeyStore;
  readonly users: UserStore;
  readonly channels: ChannelStore;
}

/** Opens the stores; nothing is connected before `db.migrate()`. */
export function openAuthStore(url: string): AuthStore {
  const db = openDatabase<AuthTables>({
    url,
    schema: 'auth',
    role: 'auth_app',
    migrationsDir: join(import.meta.dirname, '..', '..', 'migrations'),
  });
  return { db, keys: openApiKeys(db), users: openUsers(db), channels: openChannels(db) };
}
