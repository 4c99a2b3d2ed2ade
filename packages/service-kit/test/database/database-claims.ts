import assert from 'node:assert/strict';
import { cpSync, mkdirSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { test } from 'node:test';
import { temporaryDirectory } from '@mosaic/test-kit';
import { sql } from 'kysely';
import pg from 'pg';
import { type Database, type DatabaseOptions, openDatabase } from '../../src/index.ts';

export interface Tables {
  note: { user_id: string; id: string; text: string };
  counter: { name: string; value: number };
}

const migrationsDir = join(import.meta.dirname, 'migrations');
const ada = { userId: 'ada' };
const bob = { userId: 'bob' };

export function optionsFor(url: string, schema: string): DatabaseOptions {
  return { url, schema, role: `${schema}_app`, migrationsDir };
}

type Using = (use: (db: Database<Tables>, url: string) => Promise<void>) => () => Promise<void>;

/** What every server that Mosaic runs on must hold. */
export function claimDatabase(name: string, url: string): void {
  let count = 0;
  const using: Using = (use) => async () => {
    count += 1;
    const db = openDatabase<Tables>(optionsFor(url, `claims_${count}`));
    try {
      await db.migrate();
      await use(db, url);
    } finally {
      await db.close();
    }
  };
  claimIsolation(name, using);
  claimTransactions(name, using);
  claimGuarded(name, using);
  claimMigrations(name, using);
}

const addNote = (db: Database<Tables>, userId: string, id: string) =>
  db.asUser({ userId }, (tx) =>
    tx
      .insertInto('note')
      .values({ user_id: userId, id, text: `of ${userId}` })
      .execute(),
  );
const notesOf = async (db: Database<Tables>, userId: string) => {
  const rows = await db.asUser({ userId }, (tx) => tx.selectFrom('note').selectAll().execute());
  return rows.map((row) => row.id).sort();
};

function claimIsolation(name: string, using: Using): void {
  test(
    `${name}: a query without a filter shows a user the own rows alone`,
    using(async (db) => {
      await addNote(db, 'ada', 'a1');
      await addNote(db, 'bob', 'b1');
      assert.deepEqual(await notesOf(db, 'ada'), ['a1']);
      assert.deepEqual(await notesOf(db, 'bob'), ['b1']);
    }),
  );

  test(
    `${name}: with no user set there are no rows and none can be written`,
    using(async (db) => {
      await addNote(db, 'ada', 'a1');
      const rows = await db.asService((tx) => tx.selectFrom('note').selectAll().execute());
      assert.deepEqual(rows, []);
      const write = (user_id: string) =>
        db.asService((tx) =>
          tx.insertInto('note').values({ user_id, id: 'x', text: '' }).execute(),
        );
      await assert.rejects(write('ada'), { code: '42501' });
      await assert.rejects(write(''));
    }),
  );

  test(
    `${name}: writing, changing or removing rows of another user is refused or finds none`,
    using(async (db) => {
      await addNote(db, 'bob', 'b1');
      const foreign = { user_id: 'bob', id: 'b2', text: 'forged' };
      await assert.rejects(
        db.asUser(ada, (tx) => tx.insertInto('note').values(foreign).execute()),
        { code: '42501' },
      );
      const changed = await db.asUser(ada, (tx) =>
        tx.updateTable('note').set({ text: 'forged' }).where('id', '=', 'b1').executeTakeFirst(),
      );
      const removed = await db.asUser(ada, (tx) => tx.deleteFrom('note').executeTakeFirst());
      assert.deepEqual([changed.numUpdatedRows, removed.numDeletedRows], [0n, 0n]);
      assert.deepEqual(await notesOf(db, 'bob'), ['b1']);
    }),
  );

  test(
    `${name}: a user id that could end the string is refused before it is sent`,
    using(async (db) => {
      for (const userId of ["x', true); reset role; --", '', 'a b', 'x'.repeat(65)]) {
        await assert.rejects(
          db.asUser({ userId }, async () => 1),
          { code: 'bad_request' },
        );
      }
    }),
  );

  test(
    `${name}: sixteen callers at once never see a foreign row`,
    using(async (db) => {
      const oneCaller = async (userId: string) => {
        for (let round = 1; round <= 12; round += 1) {
          await addNote(db, userId, `${userId}-${round}`);
          const rows = await db.asUser({ userId }, (tx) =>
            tx
              .selectFrom('note')
              .select(['user_id', sql<string>`current_user`.as('role')])
              .execute(),
          );
          assert.equal(rows.length, round);
          assert.ok(rows.every((row) => row.user_id === userId && /_app$/.test(row.role)));
        }
      };
      await Promise.all(Array.from({ length: 16 }, (_, index) => oneCaller(`user-${index}`)));
    }),
  );
}

function claimTransactions(name: string, using: Using): void {
  test(
    `${name}: work that throws leaves nothing behind`,
    using(async (db) => {
      const failing = db.asUser(ada, async (tx) => {
        await tx.insertInto('note').values({ user_id: 'ada', id: 'a1', text: '' }).execute();
        throw new RangeError('on purpose');
      });
      await assert.rejects(failing, RangeError);
      assert.deepEqual(await notesOf(db, 'ada'), []);
    }),
  );

  test(
    `${name}: a failed statement that was swallowed fails the whole transaction`,
    using(async (db) => {
      const swallowing = db.asUser(ada, async (tx) => {
        await tx.insertInto('note').values({ user_id: 'ada', id: 'a1', text: '' }).execute();
        await sql`select 1 / 0`.execute(tx).catch(() => {});
      });
      await assert.rejects(swallowing, { name: 'AbortedTransactionError' });
      assert.deepEqual(await notesOf(db, 'ada'), []);
    }),
  );

  test(
    `${name}: aborted work does not poison the pool`,
    using(async (db) => {
      const broken = (index: number) =>
        db.asUser(ada, (tx) => sql`select ${index}::int / 0`.execute(tx)).catch(() => 'failed');
      const results = await Promise.all(Array.from({ length: 12 }, (_, index) => broken(index)));
      assert.deepEqual(new Set(results), new Set(['failed']));
      await addNote(db, 'ada', 'a1');
      assert.deepEqual(await notesOf(db, 'ada'), ['a1']);
      assert.deepEqual(await notesOf(db, 'bob'), []);
    }),
  );

  test(
    `${name}: role and user end with the transaction`,
    using(async (db, url) => {
      await db.asUser(bob, async () => {});
      const client = new pg.Client({ connectionString: url });
      await client.connect();
      const { rows } = await client.query<{ role: string; user: string | null }>(
        `select current_user as role, current_setting('app.user_id', true) as user`,
      );
      await client.end();
      assert.equal(rows[0]?.role, 'postgres');
      assert.ok([null, ''].includes(rows[0]?.user ?? null));
    }),
  );

  test(
    `${name}: counts arrive as numbers`,
    using(async (db) => {
      await addNote(db, 'ada', 'a1');
      const row = await db.asUser(ada, (tx) =>
        tx
          .selectFrom('note')
          .select((eb) => eb.fn.countAll<number>().as('count'))
          .executeTakeFirstOrThrow(),
      );
      assert.equal(row.count, 1);
    }),
  );

  test(
    `${name}: it is ready while open`,
    using(async (db) => assert.equal(await db.isReady(), true)),
  );
}

function claimGuarded(name: string, using: Using): void {
  test(
    `${name}: a single guarded statement runs under the role and sees no user's rows`,
    using(async (db) => {
      await addNote(db, 'ada', 'a1');
      const { rows } = await sql<{ role: string }>`select current_user as role`.execute(db.guarded);
      assert.match(rows[0]?.role ?? '', /^claims_\d+_app$/);
      assert.deepEqual(await db.guarded.selectFrom('note').selectAll().execute(), []);
      await db.guarded.insertInto('counter').values({ name: 'visits', value: 1 }).execute();
      const counters = await db.guarded.selectFrom('counter').selectAll().execute();
      assert.deepEqual(counters, [{ name: 'visits', value: 1 }]);
    }),
  );

  test(
    `${name}: a guarded transaction runs under the role and rolls back as a whole`,
    using(async (db) => {
      const failing = db.guarded.transaction().execute(async (tx) => {
        const { rows } = await sql<{ role: string }>`select current_user as role`.execute(tx);
        assert.match(rows[0]?.role ?? '', /^claims_\d+_app$/);
        await tx.insertInto('counter').values({ name: 'visits', value: 1 }).execute();
        throw new RangeError('on purpose');
      });
      await assert.rejects(failing, RangeError);
      assert.deepEqual(await db.guarded.selectFrom('counter').selectAll().execute(), []);
    }),
  );

  test(
    `${name}: a guarded statement that fails leaves the next one alone`,
    using(async (db) => {
      await assert.rejects(sql`select 1 / 0`.execute(db.guarded), { code: '22012' });
      assert.deepEqual(await db.guarded.selectFrom('counter').selectAll().execute(), []);
    }),
  );
}

function claimMigrations(name: string, using: Using): void {
  const folderWith = async (added: string, text: string) => {
    const dir = join((await temporaryDirectory()).path, 'migrations');
    cpSync(migrationsDir, dir, { recursive: true });
    mkdirSync(join(dir, added), { recursive: true });
    writeFileSync(join(dir, added, 'migration.sql'), text);
    return dir;
  };
  const migrateFrom = async (url: string, dir: string, schema: string) => {
    const db = openDatabase<Tables>({ ...optionsFor(url, schema), migrationsDir: dir });
    await db.migrate().finally(() => db.close());
  };

  test(
    `${name}: migrating twice and from two instances at once changes nothing`,
    using(async (db, url) => {
      await addNote(db, 'ada', 'a1');
      await Promise.all([db.migrate(), db.migrate()]);
      assert.deepEqual(await notesOf(db, 'ada'), ['a1']);
      const fresh = `fresh_${name.toLowerCase()}`;
      const migrations = Array.from({ length: 3 }, () => migrateFrom(url, migrationsDir, fresh));
      await Promise.all(migrations);
    }),
  );

  test(
    `${name}: a database with a migration that the code does not know is refused`,
    using(async (_db, url) => {
      const newer = await folderWith('20990101000000_later', 'create table later (id int);');
      const schema = `newer_${name.toLowerCase()}`;
      await migrateFrom(url, newer, schema);
      await assert.rejects(migrateFrom(url, migrationsDir, schema), { code: 'database_newer' });
    }),
  );

  test(
    `${name}: an applied migration whose text changed is refused`,
    using(async (_db, url) => {
      const schema = `changed_${name.toLowerCase()}`;
      await migrateFrom(url, migrationsDir, schema);
      const changed = await folderWith('20260102000000_counters', 'create table other (id int);');
      await assert.rejects(migrateFrom(url, changed, schema), { code: 'bad_configuration' });
    }),
  );

  test(
    `${name}: a migration that fails leaves no half of itself`,
    using(async (_db, url) => {
      const schema = `failing_${name.toLowerCase()}`;
      const failing = await folderWith(
        '20990101000000_bad',
        'create table half (id int); select 1 / 0;',
      );
      await assert.rejects(migrateFrom(url, failing, schema), /20990101000000_bad failed/);
      await migrateFrom(
        url,
        await folderWith('20990101000000_bad', 'create table half (id int);'),
        schema,
      );
    }),
  );

  test(
    `${name}: the role can neither alter tables nor touch the record of migrations`,
    using(async (db) => {
      for (const statement of ['drop table note', 'delete from _migrations', 'create table x ()']) {
        await assert.rejects(sql.raw(statement).execute(db.guarded), { code: '42501' });
      }
    }),
  );
}
