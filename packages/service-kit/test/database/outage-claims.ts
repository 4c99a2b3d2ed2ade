import assert from 'node:assert/strict';
import { createServer } from 'node:net';
import { test } from 'node:test';
import { sql } from 'kysely';
import { openDatabase } from '../../src/index.ts';
import { optionsFor, type Tables } from './database-claims.ts';

const ada = { userId: 'ada' };
const away = { code: 'service_unavailable' };

/** What happens when the database is slow, gone, or not there yet; `schema` is the claims' own. */
export function claimOutages(name: string, url: string, schema: string): void {
  const options = { ...optionsFor(url, schema), statementTimeoutMs: 300, startTimeoutMs: 300 };

  test(`${name}: a statement that takes too long is given up, and the pool goes on`, async () => {
    const db = openDatabase<Tables>(options);
    await db.migrate();
    const slow = db.asUser(ada, (tx) => sql`select pg_sleep(1)`.execute(tx));
    await assert.rejects(slow, away);
    const until = Date.now() + 5_000;
    // PGlite finishes the sleep that nobody waits for before it answers anybody.
    while (!(await db.isReady()) && Date.now() < until);
    const rows = await db.asUser(ada, (tx) => tx.selectFrom('note').selectAll().execute());
    assert.deepEqual(rows, []);
    await db.close();
  });

  test(`${name}: a start without a database says where it looked, without the password`, async () => {
    const address = new URL(url);
    address.port = String(await unusedPort());
    address.password = 'hunter2';
    const db = openDatabase<Tables>({ ...options, url: address.href });
    await assert.rejects(db.migrate(), (error: unknown) => {
      assert.ok(error instanceof Error && 'code' in error);
      assert.equal(error.code, 'service_unavailable');
      assert.match(error.message, new RegExp(`127\\.0\\.0\\.1:${address.port} .*DATABASE_URL`));
      assert.doesNotMatch(error.message, /hunter2/);
      return true;
    });
    await assert.rejects(
      db.asUser(ada, async () => 1),
      away,
    );
    assert.equal(await db.isReady(), false);
    await db.close();
  });
}

async function unusedPort(): Promise<number> {
  const server = createServer().listen(0, '127.0.0.1');
  await new Promise((resolve) => server.once('listening', resolve));
  const address = server.address();
  await new Promise((resolve) => server.close(resolve));
  return typeof address === 'object' && address !== null ? address.port : 0;
}
