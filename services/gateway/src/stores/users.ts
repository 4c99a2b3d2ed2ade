import { MosaicError, makeId, type RemovedCounts } from '@mosaic/proto';
import type { Database } from '@mosaic/service-kit';
import { sql } from 'kysely';
import { type Person, roleOf } from '../app/person.ts';
import type { AuthTables } from './tables.ts';

export interface UserLine {
  readonly id: string;
  readonly name: string;
  readonly email: string;
  readonly role: Person['role'];
  readonly isBanned: boolean;
  readonly createdAt: string;
}

export interface UserStore {
  list(): Promise<readonly UserLine[]>;
  find(id: string): Promise<UserLine | undefined>;
  /** Makes the account of the person at this machine when it is missing; answers its id. */
  ensureLocalOwner(): Promise<string>;
  hasAdmin(): Promise<boolean>;
  /** Throws not_found, and conflict for the local owner and for the last administrator. */
  assertMayGo(id: string): Promise<void>;
  /** Removes the account with its sessions, keys and channels; answers how many of each. */
  remove(id: string): Promise<RemovedCounts>;
}

/** Looking at accounts; writing them is better-auth's work, except for the local owner's. */
export function openUsers(db: Database<AuthTables>): UserStore {
  return {
    list: () => select(db, null),
    find: async (id) => (await select(db, id))[0],
    ensureLocalOwner: () => ensureLocalOwner(db),
    assertMayGo: (id) => assertMayGo(db, id),
    remove: (id) => remove(db, id),
    hasAdmin: () =>
      db.asService(async (tx) => {
        const admin = tx
          .selectFrom('user')
          .select('id')
          .where('role', 'like', '%admin%')
          .where('id', 'not in', tx.selectFrom('local_owner').select('user_id'));
        return (await admin.executeTakeFirst()) !== undefined;
      }),
  };
}

async function assertMayGo(db: Database<AuthTables>, id: string): Promise<void> {
  const all = await db.asService((tx) => tx.selectFrom('user').select(['id', 'role']).execute());
  const user = all.find((one) => one.id === id);
  if (user === undefined) throw new MosaicError('not_found', 'There is no such account.');
  const owner = await db.asService((tx) =>
    tx.selectFrom('local_owner').select('user_id').executeTakeFirst(),
  );
  if (owner?.user_id === id) {
    throw new MosaicError('conflict', 'The local owner belongs to this installation and stays.');
  }
  const admins = all.filter((one) => roleOf(one.role) === 'admin');
  if (roleOf(user.role) === 'admin' && admins.length === 1) {
    throw new MosaicError('conflict', 'This is the last administrator: make another one first.');
  }
}

/** Tables whose rows go with the account by cascade, and the column that names it. */
const ofAccount = {
  session: 'userId',
  account: 'userId',
  api_key: 'user_id',
  channel: 'owner_user_id',
  channel_handle: 'user_id',
  channel_room: 'user_id',
} as const;

function remove(db: Database<AuthTables>, id: string): Promise<RemovedCounts> {
  return db.asService(async (tx) => {
    const counts: Record<string, number> = {};
    for (const [table, column] of Object.entries(ofAccount)) {
      const { rows } = await sql<{ count: number }>`
        select count(*) as count from ${sql.table(table)} where ${sql.ref(column)} = ${id}`.execute(
        tx,
      );
      counts[table] = rows[0]?.count ?? 0;
    }
    const gone = await tx.deleteFrom('user').where('id', '=', id).executeTakeFirst();
    return { user: Number(gone.numDeletedRows), ...counts };
  });
}

async function select(db: Database<AuthTables>, id: string | null): Promise<UserLine[]> {
  const rows = await db.asService((tx) => {
    const all = tx
      .selectFrom('user')
      .select(['id', 'name', 'email', 'role', 'banned', 'createdAt'])
      .orderBy('createdAt')
      .limit(1_000);
    return (id === null ? all : all.where('id', '=', id)).execute();
  });
  return rows.map(({ banned, createdAt, role, ...row }) => ({
    ...row,
    role: roleOf(role),
    isBanned: banned,
    createdAt: createdAt.toISOString(),
  }));
}

function ensureLocalOwner(db: Database<AuthTables>): Promise<string> {
  return db.asService(async (tx) => {
    const known = await tx.selectFrom('local_owner').select('user_id').executeTakeFirst();
    if (known !== undefined) return known.user_id;
    const id = makeId();
    // The address holds the random id, so that nobody can have taken it before.
    const owner = { id, name: 'Local owner', email: `owner-${id}@localhost`, role: 'admin' };
    await tx.insertInto('user').values(owner).execute();
    await tx.insertInto('local_owner').values({ user_id: id }).execute();
    return id;
  });
}
