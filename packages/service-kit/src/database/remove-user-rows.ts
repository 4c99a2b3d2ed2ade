import { MosaicError, type RemovedCounts } from '@mosaic/proto';
import { sql, type Transaction } from 'kysely';
import type { Database } from './port.ts';

/**
 * Removes every row of a user from every table of the service's schema that has a column `user_id`, in
 * one transaction of that user; a table that is added later is emptied as well. Answers rows by table.
 * Throws `internal`, and removes nothing, when a policy keeps rows back.
 */
export function removeUserRows<Tables>(
  db: Database<Tables>,
  userId: string,
): Promise<RemovedCounts> {
  return db.asUser({ userId }, async (tx) => {
    // For policies of tables whose rows nobody else may remove.
    await sql`select set_config('app.may_purge', 'yes', true)`.execute(tx);
    const counts: Record<string, number> = {};
    for (const table of await tablesOfUsers(tx)) {
      const rows = sql`from ${sql.table(table)} where user_id = ${userId}`;
      const result = await sql`delete ${rows}`.execute(tx);
      counts[table] = Number(result.numAffectedRows ?? 0n);
      const left = await sql<{ count: number }>`select count(*) as count ${rows}`.execute(tx);
      if (left.rows[0]?.count !== 0) {
        throw new MosaicError('internal', `Rows of a removed user can't be deleted from ${table}.`);
      }
    }
    return counts;
  });
}

/** Those that refer to others come first, so that what goes by cascade is counted too. */
async function tablesOfUsers<Tables>(tx: Transaction<Tables>): Promise<readonly string[]> {
  const { rows } = await sql<{ name: string }>`
    select c.relname as name
    from pg_class c
    join pg_attribute a on a.attrelid = c.oid and a.attname = 'user_id' and not a.attisdropped
    where c.relnamespace = current_schema()::regnamespace and c.relkind in ('r', 'p')
    order by exists (select from pg_constraint f where f.confrelid = c.oid), c.relname`.execute(tx);
  return rows.map((row) => row.name);
}
