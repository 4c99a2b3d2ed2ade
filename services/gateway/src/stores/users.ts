import { makeId } from '@mosaic/proto';
import type { Database } from '@mosaic/service-kit';
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
}

/** Looking at accounts; writing them is better-auth's work, except for the local owner's. */
export function openUsers(db: Database<AuthTables>): UserStore {
  return {
    list: () => select(db, null),
    find: async (id) => (await select(db, id))[0],
    ensureLocalOwner: () => ensureLocalOwner(db),
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
