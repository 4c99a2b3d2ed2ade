import { type Exemplar, MosaicError } from '@mosaic/proto';
import type { Database } from '@mosaic/service-kit';
import { saveChanges, type Writer } from './save-changes.ts';
import type { RouterTables } from './tables.ts';
import { ownedBy, seenBy } from './whose-rows.ts';

type Db = Database<RouterTables>;

/** Every message is compared with all of them, in a fraction of a microsecond each. */
const maxExemplarsOfOne = 200;

/** Throws forbidden, and conflict for one exemplar too many. */
export function addExemplar(db: Db, writer: Writer, exemplar: Exemplar): Promise<void> {
  return saveChanges(db, writer, async (tx) => {
    const owner = ownerOf(exemplar.scope, writer);
    const present = tx.selectFrom('exemplar').select('id').where('scope', '=', exemplar.scope);
    const rows = await (owner === null ? present : present.where('user_id', '=', owner)).execute();
    if (rows.length >= maxExemplarsOfOne) {
      const message = `There are ${maxExemplarsOfOne} exemplars already; remove one first.`;
      throw new MosaicError('conflict', message);
    }
    const { createdAt, id, scope, task, words } = exemplar;
    await tx
      .insertInto('exemplar')
      .values({
        id,
        scope,
        user_id: owner,
        words,
        task,
        created_at: createdAt,
        created_by: writer.userId,
      })
      .execute();
    return { owner, result: undefined };
  });
}

/** Throws not_found and forbidden. */
export function deleteExemplar(db: Db, writer: Writer, id: string): Promise<void> {
  return saveChanges(db, writer, async (tx) => {
    const row = await tx
      .selectFrom('exemplar')
      .select('scope')
      .where('id', '=', id)
      .where(seenBy(writer.userId))
      .executeTakeFirst();
    if (row === undefined) throw new MosaicError('not_found', 'You have no such exemplar.');
    const owner = ownerOf(row.scope, writer);
    await tx.deleteFrom('exemplar').where('id', '=', id).where(ownedBy(owner)).execute();
    return { owner, result: undefined };
  });
}

function ownerOf(scope: Exemplar['scope'], { role, userId }: Writer): string | null {
  if (scope === 'user') return userId;
  if (role === 'admin') return null;
  throw new MosaicError('forbidden', "Only administrators change everybody's exemplars.");
}
