import { createHash, randomBytes } from 'node:crypto';
import { MosaicError, makeId } from '@mosaic/proto';
import type { Database } from '@mosaic/service-kit';
import { limitRole, type Person, roleOf } from '../app/person.ts';
import type { AuthTables } from './tables.ts';

/** A key as its owner sees it again: never the key itself. */
export interface ApiKey {
  readonly id: string;
  readonly name: string;
  readonly scopes: readonly string[];
  /** Last four characters. */
  readonly hint: string;
  readonly createdAt: string;
  readonly expiresAt: string | null;
}

export interface NewApiKey {
  readonly name: string;
  readonly scopes?: readonly string[] | undefined;
  readonly expiresAt?: string | undefined;
}

export const apiKeyPrefix = 'msk_';

export interface ApiKeyStore {
  /** Makes a key; this is the only time that it can be read. */
  create(userId: string, wish: NewApiKey): Promise<{ readonly id: string; readonly key: string }>;
  list(userId: string): Promise<readonly ApiKey[]>;
  /** Throws not_found when the person has no such key. */
  remove(userId: string, id: string): Promise<void>;
  /** Who a key belongs to; undefined when it is unknown or over, or its owner is banned. */
  find(key: string): Promise<Person | undefined>;
}

/** API keys in the table `api_key`. */
export function openApiKeys(db: Database<AuthTables>): ApiKeyStore {
  return {
    create: (userId, wish) => create(db, userId, wish),
    list: (userId) => list(db, userId),
    find: (key) => find(db, key),
    async remove(userId, id) {
      const removed = await db.asService((tx) =>
        tx.deleteFrom('api_key').where('id', '=', id).where('user_id', '=', userId).execute(),
      );
      if (removed[0]?.numDeletedRows !== 1n) throw new MosaicError('not_found');
    },
  };
}

async function create(db: Database<AuthTables>, userId: string, wish: NewApiKey) {
  const id = makeId();
  const key = apiKeyPrefix + randomBytes(32).toString('base64url');
  await db.asService((tx) =>
    tx
      .insertInto('api_key')
      .values({
        id,
        user_id: userId,
        name: wish.name,
        scopes: JSON.stringify(wish.scopes ?? []),
        key_hash: hashKey(key),
        key_hint: key.slice(-4),
        expires_at: wish.expiresAt === undefined ? null : new Date(wish.expiresAt),
      })
      .execute(),
  );
  return { id, key };
}

async function list(db: Database<AuthTables>, userId: string): Promise<ApiKey[]> {
  const rows = await db.asService((tx) =>
    tx
      .selectFrom('api_key')
      .selectAll()
      .where('user_id', '=', userId)
      .orderBy('created_at', 'desc')
      .execute(),
  );
  return rows.map((row) => ({
    id: row.id,
    name: row.name,
    scopes: row.scopes,
    hint: row.key_hint,
    createdAt: row.created_at.toISOString(),
    expiresAt: row.expires_at?.toISOString() ?? null,
  }));
}

async function find(db: Database<AuthTables>, key: string): Promise<Person | undefined> {
  const row = await db.asService((tx) =>
    tx
      .selectFrom('api_key')
      .innerJoin('user', 'user.id', 'api_key.user_id')
      .select(['api_key.id as keyId', 'api_key.expires_at as expiresAt', 'api_key.scopes'])
      .select('user.id as userId')
      .select(['user.name', 'user.email', 'user.role', 'user.banned', 'user.banExpires'])
      .where('api_key.key_hash', '=', hashKey(key))
      .executeTakeFirst(),
  );
  if (row === undefined) return undefined;
  const now = Date.now();
  const isOver = row.expiresAt !== null && row.expiresAt.getTime() <= now;
  const isBanned = row.banned && (row.banExpires === null || row.banExpires.getTime() > now);
  if (isOver || isBanned) return undefined;
  return {
    userId: row.userId,
    name: row.name,
    email: row.email,
    role: limitRole(roleOf(row.role), row.scopes),
    scopes: row.scopes,
    credentialId: row.keyId,
    credentialKind: 'key',
    expiresAtMs: row.expiresAt?.getTime() ?? null,
  };
}

/** The key has 256 random bits: a plain hash can't be guessed back. */
function hashKey(key: string): string {
  return createHash('sha256').update(key).digest('hex');
}
