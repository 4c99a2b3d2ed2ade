import { MosaicError, type Tier } from '@mosaic/proto';
import type { Database } from '@mosaic/service-kit';
import { noteChange, saveChanges, type Writer } from './save-changes.ts';
import type { RouterTables } from './tables.ts';
import { stale } from './write-rules.ts';

type Db = Database<RouterTables>;

/** Sets the models of a tier. Throws conflict when it has another version than the given one. */
export function putTier(
  db: Db,
  writer: Writer,
  tier: Pick<Tier, 'name' | 'models'> & { readonly version: number | undefined },
): Promise<Tier> {
  return saveChanges(db, writer, async (tx) => {
    const { models, name } = tier;
    const before = await tx
      .selectFrom('tier')
      .selectAll()
      .where('name', '=', name)
      .executeTakeFirst();
    const present = before?.version ?? 0;
    if (tier.version !== undefined && tier.version !== present) throw stale(present);
    const content = {
      models: JSON.stringify(models),
      version: present + 1,
      updated_at: new Date().toISOString(),
      updated_by: writer.userId,
    };
    await tx
      .insertInto('tier')
      .values({ name, ...content })
      .onConflict((conflict) => conflict.column('name').doUpdateSet(content))
      .execute();
    await noteChange(
      tx,
      { subject: `tier/${name}`, owner: null, by: writer.userId },
      {
        action: before === undefined ? 'created' : 'updated',
        before: before === undefined ? null : { models: before.models },
        after: { models },
      },
    );
    return { owner: null, result: { name, models: [...models], version: content.version } };
  });
}

/** Throws not_found, and conflict for another version than the given one. */
export function deleteTier(
  db: Db,
  writer: Writer,
  { name, version }: { readonly name: string; readonly version: number | undefined },
): Promise<void> {
  return saveChanges(db, writer, async (tx) => {
    const before = await tx
      .selectFrom('tier')
      .selectAll()
      .where('name', '=', name)
      .executeTakeFirst();
    if (before === undefined) throw new MosaicError('not_found', `There is no tier "${name}".`);
    if (version !== undefined && version !== before.version) throw stale(before.version);
    await tx.deleteFrom('tier').where('name', '=', name).execute();
    await noteChange(
      tx,
      { subject: `tier/${name}`, owner: null, by: writer.userId },
      { action: 'deleted', before: { models: before.models }, after: null },
    );
    return { owner: null, result: undefined };
  });
}
