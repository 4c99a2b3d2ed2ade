import type { RemovedCounts } from '@mosaic/proto';
import { type Database, removeUserRows } from '@mosaic/service-kit';
import type { MemoryTables } from './tables.ts';

/**
 * Removes everything of a user. Their id stays, so that events which come late (a turn that was still
 * running) are not applied.
 */
export async function purgeOwner(
  db: Database<MemoryTables>,
  userId: string,
): Promise<RemovedCounts> {
  await db.asService((tx) =>
    tx
      .insertInto('removed_owner')
      .values({ id: userId })
      .onConflict((conflict) => conflict.doNothing())
      .execute(),
  );
  return removeUserRows(db, userId);
}
