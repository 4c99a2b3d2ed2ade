import type { RuleChange } from '@mosaic/proto';
import type { Database, SignedCaller } from '@mosaic/service-kit';
import { sql, type Transaction } from 'kysely';
import type { RouterTables } from './tables.ts';

export type Tx = Transaction<RouterTables>;

/** Who saves; only an administrator may touch what is the system's. */
export type Writer = Pick<SignedCaller, 'userId' | 'role'>;

/**
 * One save of one owner's rules (null: the system's). Saves wait for each other, so what `work` reads
 * stays as it is, and revisions become visible in the order of their numbers.
 */
export async function saveChanges<Result>(
  db: Database<RouterTables>,
  writer: Writer,
  work: (tx: Tx) => Promise<{ readonly owner: string | null; readonly result: Result }>,
): Promise<Result> {
  return db.asUser(writer, async (tx) => {
    if (writer.role === 'admin') await allowSystem(tx);
    const revision = await nextRevision(tx);
    const { owner, result } = await work(tx);
    await noteOwner(tx, owner, revision);
    return result;
  });
}

/** Opens the system's rows to the rest of the transaction; see the policies of the migration. */
export async function allowSystem(tx: Tx): Promise<void> {
  await sql`select set_config('app.may_change_system', 'yes', true)`.execute(tx);
}

export async function nextRevision(tx: Tx): Promise<number> {
  const { revision } = await tx
    .updateTable('policy')
    .set({ revision: sql<number>`revision + 1` })
    .returning('revision')
    .executeTakeFirstOrThrow();
  return revision;
}

export async function noteOwner(tx: Tx, owner: string | null, revision: number): Promise<void> {
  await tx
    .insertInto('owner_revision')
    .values({ owner: owner ?? '', revision })
    .onConflict((conflict) => conflict.column('owner').doUpdateSet({ revision }))
    .execute();
}

/** Writes one change into the history. */
export async function noteChange(
  tx: Tx,
  of: { readonly subject: string; readonly owner: string | null; readonly by: string },
  change: {
    readonly action: RuleChange['action'];
    readonly before: object | null;
    readonly after: object | null;
  },
): Promise<void> {
  const { action, after, before } = change;
  await tx
    .insertInto('rule_change')
    .values({
      subject: of.subject,
      user_id: of.owner,
      by: of.by,
      action,
      before: before === null ? null : JSON.stringify(before),
      after: after === null ? null : JSON.stringify(after),
    })
    .execute();
}
