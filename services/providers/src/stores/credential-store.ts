import { type KeyTestOutcome, type ProviderName, providerNameSchema } from '@mosaic/proto';
import type { Selectable } from 'kysely';
import type { Sealed } from '../app/credentials/seal-secret.ts';
import type { CredentialTables } from './credential-tables.ts';
import type { ProvidersDatabase } from './providers-database.ts';

/** One key as it is stored; the secret in it is sealed. */
export interface StoredKey extends Sealed {
  readonly provider: ProviderName;
  /** The order in which they were given, from 0. */
  readonly position: number;
  readonly baseUrl: string | null;
  readonly hint: string | null;
  readonly savedAt: Date;
  readonly testedAt: Date | null;
  readonly outcome: KeyTestOutcome;
  readonly message: string | null;
}

export type KeyTestResult = Pick<StoredKey, 'testedAt' | 'outcome' | 'message'>;

/** Everything that is done with people's own keys; each call is one transaction of one user. */
export function openCredentialStore(db: ProvidersDatabase) {
  return {
    list: (userId: string) => list(db, userId),
    replace: (userId: string, provider: ProviderName, keys: readonly StoredKey[]) =>
      replace(db, userId, { provider, keys }),
    remove: (userId: string, provider: ProviderName) => remove(db, userId, provider),
    noteTest: (userId: string, key: StoredKey, result: KeyTestResult) =>
      change(db, userId, {
        key,
        set: { tested_at: result.testedAt, outcome: result.outcome, message: result.message },
      }),
    /** Puts another seal in the place of `key`'s; false when the row is not that any more. */
    reseal: (userId: string, key: StoredKey, { masterKeyId, nonce, sealed }: Sealed) =>
      change(db, userId, { key, set: { master_key_id: masterKeyId, nonce, sealed } }),
    /** Everybody who has keys. */
    async owners(): Promise<readonly string[]> {
      const rows = await db.asService((tx) =>
        tx.selectFrom('credential_owner').select('user_id').execute(),
      );
      return rows.map((row) => row.user_id);
    },
    /** Removes everything of a user, for when the user is deleted. */
    purge: (userId: string) => purge(db, userId),
  };
}

export type CredentialStore = ReturnType<typeof openCredentialStore>;

async function list(db: ProvidersDatabase, userId: string): Promise<StoredKey[]> {
  const rows = await db.asUser({ userId }, (tx) =>
    tx
      .selectFrom('vendor_credential')
      .selectAll()
      .where('user_id', '=', userId)
      .orderBy('provider')
      .orderBy('position')
      .execute(),
  );
  return rows.flatMap((row) => {
    const provider = providerNameSchema.safeParse(row.provider);
    // Keys of a vendor that this version does not know wait for one that does.
    return provider.success ? [fromRow(row, provider.data)] : [];
  });
}

type Row = Selectable<CredentialTables['vendor_credential']>;

function fromRow(row: Row, provider: ProviderName): StoredKey {
  return {
    provider,
    position: row.position,
    baseUrl: row.base_url,
    masterKeyId: row.master_key_id,
    nonce: row.nonce,
    sealed: row.sealed,
    hint: row.hint,
    savedAt: row.saved_at,
    testedAt: row.tested_at,
    outcome: row.outcome,
    message: row.message,
  };
}

function toRow(userId: string, key: StoredKey): Row {
  return {
    user_id: userId,
    provider: key.provider,
    position: key.position,
    base_url: key.baseUrl,
    master_key_id: key.masterKeyId,
    nonce: key.nonce,
    sealed: key.sealed,
    hint: key.hint,
    saved_at: key.savedAt,
    tested_at: key.testedAt,
    outcome: key.outcome,
    message: key.message,
  };
}

async function replace(
  db: ProvidersDatabase,
  userId: string,
  { keys, provider }: { readonly provider: ProviderName; readonly keys: readonly StoredKey[] },
): Promise<void> {
  await db.asUser({ userId }, async (tx) => {
    await tx
      .insertInto('credential_owner')
      .values({ user_id: userId })
      // Updates rather than nothing: two saves of one user wait for each other here.
      .onConflict((conflict) => conflict.column('user_id').doUpdateSet({ user_id: userId }))
      .execute();
    await tx
      .deleteFrom('vendor_credential')
      .where('user_id', '=', userId)
      .where('provider', '=', provider)
      .execute();
    await tx
      .insertInto('vendor_credential')
      .values(keys.map((key) => toRow(userId, key)))
      .execute();
  });
}

async function remove(
  db: ProvidersDatabase,
  userId: string,
  provider: ProviderName,
): Promise<number> {
  const result = await db.asUser({ userId }, (tx) =>
    tx
      .deleteFrom('vendor_credential')
      .where('user_id', '=', userId)
      .where('provider', '=', provider)
      .executeTakeFirst(),
  );
  return Number(result.numDeletedRows);
}

interface Change {
  readonly key: StoredKey;
  readonly set: Partial<Row>;
}

/** Changes the row that still holds this very seal. */
async function change(
  db: ProvidersDatabase,
  userId: string,
  { key, set }: Change,
): Promise<boolean> {
  const result = await db.asUser({ userId }, (tx) =>
    tx
      .updateTable('vendor_credential')
      .set(set)
      .where('user_id', '=', userId)
      .where('provider', '=', key.provider)
      .where('position', '=', key.position)
      .where('nonce', '=', key.nonce)
      .executeTakeFirst(),
  );
  return result.numUpdatedRows === 1n;
}

async function purge(db: ProvidersDatabase, userId: string): Promise<void> {
  await db.asUser({ userId }, async (tx) => {
    await tx.deleteFrom('vendor_credential').where('user_id', '=', userId).execute();
    await tx.deleteFrom('credential_owner').where('user_id', '=', userId).execute();
  });
}
