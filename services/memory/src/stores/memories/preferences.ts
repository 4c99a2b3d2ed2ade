import { MosaicError } from '@mosaic/proto';
import type { Database } from '@mosaic/service-kit';
import { sql, type Transaction } from 'kysely';
import type { StoredPreference } from '../../app/preferences/known-preferences.ts';
import { storableJson } from '../../app/storable-text.ts';
import type { MemoryTables } from '../tables.ts';

type Value = StoredPreference['value'];
type Tx = Transaction<MemoryTables>;

/** Settings that one person may have of their own. */
const mostOwn = 500;

/** What the user and the installation have set. */
export function readPreferences(
  db: Database<MemoryTables>,
  userId: string,
): Promise<readonly StoredPreference[]> {
  return db.asUser({ userId }, async (tx) => {
    const rows = await tx
      .selectFrom('preference')
      .selectAll()
      .where('user_id', 'in', ['', userId])
      .execute();
    return rows.map((row) => ({
      key: row.key,
      value: row.value,
      isOfUser: row.user_id !== '',
      isFixed: row.is_fixed,
      updatedAt: row.updated_at.toISOString(),
    }));
  });
}

/** Sets or, with null, removes the user's own value. Throws forbidden for what is fixed. */
export function putPreference(
  db: Database<MemoryTables>,
  userId: string,
  { key, value }: { readonly key: string; readonly value: Value },
): Promise<void> {
  return db.asUser({ userId }, async (tx) => {
    const fixed = await tx
      .selectFrom('preference')
      .select('key')
      .where('user_id', '=', '')
      .where('key', '=', key)
      .where('is_fixed', '=', true)
      .executeTakeFirst();
    if (fixed !== undefined) {
      throw new MosaicError('forbidden', `"${key}" is fixed for everybody here.`);
    }
    if (value !== null) await assertRoom(tx, userId, key);
    await write(tx, { userId, key, value, isFixed: false });
  });
}

/** Sets or, with null, removes the installation's value. */
export function putSystemPreference(
  db: Database<MemoryTables>,
  wish: { readonly key: string; readonly value: Value; readonly isFixed: boolean },
): Promise<void> {
  return db.asService((tx) => write(tx, { userId: '', ...wish }));
}

async function assertRoom(tx: Tx, userId: string, key: string): Promise<void> {
  const { count } = await tx
    .selectFrom('preference')
    .select((from) => from.fn.countAll<number>().as('count'))
    .where('user_id', '=', userId)
    .where('key', '!=', key)
    .executeTakeFirstOrThrow();
  if (count >= mostOwn) {
    throw new MosaicError('bad_request', `No more than ${mostOwn} settings are kept.`);
  }
}

interface Writing {
  readonly userId: string;
  readonly key: string;
  readonly value: Value;
  readonly isFixed: boolean;
}

async function write(tx: Tx, { isFixed, key, userId, value }: Writing): Promise<void> {
  if (value === null) {
    await tx
      .deleteFrom('preference')
      .where('user_id', '=', userId)
      .where('key', '=', key)
      .execute();
    return;
  }
  const row = { value: storableJson(value), is_fixed: isFixed, updated_at: sql<string>`now()` };
  await tx
    .insertInto('preference')
    .values({ user_id: userId, key, ...row })
    .onConflict((conflict) => conflict.columns(['user_id', 'key']).doUpdateSet(row))
    .execute();
}
