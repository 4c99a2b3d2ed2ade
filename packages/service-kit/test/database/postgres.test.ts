import assert from 'node:assert/strict';
import { after, test } from 'node:test';
import { startPostgres } from '@mosaic/test-kit';
import { sql } from 'kysely';
import pg from 'pg';
import { openDatabase } from '../../src/index.ts';
import { claimDatabase, optionsFor, type Tables } from './database-claims.ts';
import { claimOutages } from './outage-claims.ts';

const server = await startPostgres();
if ('missing' in server) {
  test('PostgreSQL holds the claims', { skip: server.missing }, () => {});
} else {
  after(() => server.stop());
  claimDatabase('PostgreSQL', server.url);
  claimOutages('PostgreSQL', server.url, 'outages');
  claimServer(server.url);
}

/** What only a server with sessions and users of its own can show. */
function claimServer(url: string): void {
  test('PostgreSQL: a login that is no superuser can migrate and is held by the policies', async () => {
    const admin = new pg.Client({ connectionString: url });
    await admin.connect();
    await admin.query(
      `create role operator login createrole; grant create on database postgres to operator`,
    );
    await admin.end();
    const address = new URL(url);
    address.username = 'operator';
    const db = openDatabase<Tables>(optionsFor(address.href, 'by_operator'));
    await db.migrate();
    await db.migrate();
    const note = { user_id: 'ada', id: 'a1', text: '' };
    await db.asUser({ userId: 'ada' }, (tx) => tx.insertInto('note').values(note).execute());
    const foreign = await db.asUser({ userId: 'bob' }, (tx) =>
      tx.selectFrom('note').selectAll().execute(),
    );
    assert.deepEqual(foreign, []);
    await db.close();
  });

  test('PostgreSQL: sessions that the server ends are service_unavailable once, then replaced', async () => {
    const db = openDatabase<Tables>({ ...optionsFor(url, 'outages'), poolSize: 1 });
    await db.migrate();
    const ended = db.asUser({ userId: 'ada' }, (tx) =>
      sql`select pg_backend_pid() as pid`.execute(tx).then(async () => {
        const admin = new pg.Client({ connectionString: url });
        await admin.connect();
        await admin.query(
          `select pg_terminate_backend(pid) from pg_stat_activity
           where pid <> pg_backend_pid() and state = 'idle in transaction'`,
        );
        await admin.end();
        return tx.selectFrom('note').selectAll().execute();
      }),
    );
    await assert.rejects(ended, { code: 'service_unavailable' });
    const rows = await db.asUser({ userId: 'ada' }, (tx) => tx.selectFrom('note').execute());
    assert.deepEqual(rows, []);
    await db.close();
  });
}
