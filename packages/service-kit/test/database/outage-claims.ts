import assert from 'node:assert/strict';
import { test } from 'node:test';
import { waitFor } from '@mosaic/test-kit';
import { sql } from 'kysely';
import { openDatabase } from '../../src/index.ts';
import { optionsFor, type Tables } from './database-claims.ts';

const ada = { userId: 'ada' };
const away = { code: 'service_unavailable' };

/** What happens when the database is slow, gone, or not there yet; `schema` is the claims' own. */
export function claimOutages(name: string, url: string, schema: string): void {
  const options = optionsFor(url, schema);

  test(`${name}: a statement that takes too long is given up, and the pool goes on`, async () => {
    const patient = openDatabase<Tables>(options);
    await patient.migrate();
    await patient.close();
    const db = openDatabase<Tables>({ ...options, statementTimeoutMs: 1_000 });
    const slow = db.asUser(ada, (tx) => sql`select pg_sleep(3)`.execute(tx));
    await assert.rejects(slow, away);
    // PGlite finishes the sleep that nobody waits for before it answers anybody.
    await waitFor(() => db.isReady(), { timeoutMs: 60_000 });
    const rows = await db.asUser(ada, (tx) => tx.selectFrom('note').selectAll().execute());
    assert.deepEqual(rows, []);
    await db.close();
  });

  test(`${name}: a start without a database says where it looked, without the password`, async () => {
    const address = new URL(url);
    // Whatever runs here, nobody answers at the discard port.
    address.port = '9';
    address.password = 'hunter2';
    const db = openDatabase<Tables>({ ...options, url: address.href, startTimeoutMs: 300 });
    await assert.rejects(db.migrate(), (error: unknown) => {
      assert.ok(error instanceof Error && 'code' in error);
      assert.equal(error.code, 'service_unavailable');
      assert.match(error.message, /127\.0\.0\.1:9 .*DATABASE_URL/);
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
