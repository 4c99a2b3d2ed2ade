import { MosaicError, type StorageKind, type StorageLimits } from '@mosaic/proto';
import type { Database } from '@mosaic/service-kit';
import { sql, type Transaction } from 'kysely';
import { fullOf } from '../../app/tiers/tier-policy.ts';
import type { MemoryTables } from '../tables.ts';
import { measureIn } from './measure-storage.ts';

type Tx = Transaction<MemoryTables>;

/** What a person may begin or add. */
export type Addition = 'conversation' | 'memory';

const counted = { conversation: 'conversations', memory: 'memories' } as const;

/** Throws storage_full when the user may not add another; without limits it asks nothing. */
export async function assertRoomFor(
  db: Database<MemoryTables>,
  userId: string,
  { addition, limits }: { readonly addition: Addition; readonly limits: StorageLimits },
): Promise<void> {
  const kind = await db.asUser({ userId }, (tx) => fullKind(tx, userId, { addition, limits }));
  if (kind !== undefined) throw storageFull(kind, limits);
}

/** The limit that leaves no room for one more; undefined while there is some. */
export async function fullKind(
  tx: Tx,
  userId: string,
  { addition, limits }: { readonly addition: Addition; readonly limits: StorageLimits },
): Promise<StorageKind | undefined> {
  const most = limits[counted[addition]];
  if (most !== null && (await countOf(tx, userId, addition)) >= most) return counted[addition];
  if (limits.bytes === null) return undefined;
  const full = fullOf(await measureIn(tx, userId), limits);
  return full.includes('bytes') ? 'bytes' : undefined;
}

async function countOf(tx: Tx, userId: string, addition: Addition): Promise<number> {
  const { rows } = await (addition === 'memory'
    ? sql<{ count: number }>`
        select count(*)::float8 as count from memory
        where user_id = ${userId} and superseded_by is null`.execute(tx)
    : sql<{ count: number }>`
        select count(*)::float8 as count from conversation
        where user_id = ${userId} and deleted_at is null`.execute(tx));
  return rows[0]?.count ?? 0;
}

const advice: Readonly<Record<StorageKind, (most: number) => string>> = {
  bytes: (most) =>
    `You keep more than the ${Math.round(most / 1e6)} MB that you may. Delete conversations or memories, or ask an administrator for more; the conversations you have go on.`,
  conversations: (most) =>
    `You have the ${most} conversations that you may keep. Delete one, or ask an administrator for more; the ones you have go on.`,
  memories: (most) =>
    `You have the ${most} memories that you may keep. Remove some ("mosaic memory remove ID"), or ask an administrator for more.`,
};

export function storageFull(kind: StorageKind, limits: StorageLimits): MosaicError {
  const most = limits[kind] ?? 0;
  return new MosaicError('storage_full', advice[kind](most), { details: { limit: kind, most } });
}
