import { MosaicError, makeId, type RoutingRule, type StoredRule } from '@mosaic/proto';
import type { Database } from '@mosaic/service-kit';
import { contentOf, toRule } from './rule-rows.ts';
import { noteChange, saveChanges, type Tx, type Writer } from './save-changes.ts';
import type { RouterTables } from './tables.ts';
import { ownedBy, seenBy } from './whose-rows.ts';

type Db = Database<RouterTables>;

/** More than anybody reads, and few enough that asking them all takes no time. */
const maxRulesOfOne = 100;

/** Throws forbidden, and conflict for a name that is taken or one rule too many. */
export function createRule(db: Db, writer: Writer, rule: RoutingRule): Promise<StoredRule> {
  return saveChanges(db, writer, async (tx) => {
    const owner = ownerOf(rule.scope, writer);
    await assertNameFree(tx, rule, owner);
    await assertRoom(tx, owner);
    const row = await tx
      .insertInto('rule')
      .values({
        ...contentOf(rule),
        id: makeId(),
        scope: rule.scope,
        user_id: owner,
        updated_by: writer.userId,
      })
      .returningAll()
      .executeTakeFirstOrThrow();
    const result = readable(toRule(row));
    const of = { subject: result.id, owner, by: writer.userId };
    await noteChange(tx, of, { action: 'created', before: null, after: result });
    return { owner, result };
  });
}

export interface Target {
  readonly id: string;
  /** The version that the writer has seen; undefined to write whatever it is. */
  readonly version: number | undefined;
}

/** Throws not_found, forbidden, conflict, and whatever `change` throws. */
export function updateRule(
  db: Db,
  writer: Writer,
  { change, ...target }: Target & { readonly change: (rule: StoredRule) => RoutingRule },
): Promise<StoredRule> {
  return saveChanges(db, writer, async (tx) => {
    const before = await findForWriting(tx, writer, target);
    const owner = ownerOf(before.scope, writer);
    const after = change(before);
    if (after.name !== before.name) await assertNameFree(tx, after, owner);
    const result = await writeRule(tx, writer, { ...before, ...after });
    const of = { subject: before.id, owner, by: writer.userId };
    await noteChange(tx, of, { action: 'updated', before, after: result });
    return { owner, result };
  });
}

/** Throws not_found, forbidden and conflict. */
export function deleteRule(db: Db, writer: Writer, target: Target): Promise<void> {
  return saveChanges(db, writer, async (tx) => {
    const before = await findForWriting(tx, writer, target);
    const owner = ownerOf(before.scope, writer);
    await tx.deleteFrom('rule').where('id', '=', before.id).where(ownedBy(owner)).execute();
    const of = { subject: before.id, owner, by: writer.userId };
    await noteChange(tx, of, { action: 'deleted', before, after: null });
    return { owner, result: undefined };
  });
}

/** Gives the rules of one scope the priorities that `reorder` makes. Throws forbidden. */
export function reorderRules(
  db: Db,
  writer: Writer,
  wish: {
    readonly scope: RoutingRule['scope'];
    readonly reorder: (rules: readonly StoredRule[]) => readonly StoredRule[];
  },
): Promise<readonly StoredRule[]> {
  return saveChanges(db, writer, async (tx) => {
    const owner = ownerOf(wish.scope, writer);
    const rows = await tx
      .selectFrom('rule')
      .selectAll()
      .where('scope', '=', wish.scope)
      .$if(owner !== null, (query) => query.where('user_id', '=', owner))
      .execute();
    const present = new Map(rows.flatMap((row) => toRule(row) ?? []).map((one) => [one.id, one]));
    const result: StoredRule[] = [];
    for (const rule of wish.reorder([...present.values()])) {
      const before = present.get(rule.id);
      if (before === undefined || before.priority === rule.priority) {
        result.push(rule);
        continue;
      }
      const after = await writeRule(tx, writer, rule);
      const of = { subject: rule.id, owner, by: writer.userId };
      await noteChange(tx, of, { action: 'reordered', before, after });
      result.push(after);
    }
    return { owner, result };
  });
}

async function writeRule(tx: Tx, writer: Writer, rule: StoredRule): Promise<StoredRule> {
  const row = await tx
    .updateTable('rule')
    .set({
      ...contentOf(rule),
      version: rule.version + 1,
      updated_at: new Date().toISOString(),
      updated_by: writer.userId,
    })
    .where('id', '=', rule.id)
    .where(ownedBy(ownerOf(rule.scope, writer)))
    .returningAll()
    .executeTakeFirstOrThrow();
  return readable(toRule(row));
}

/** Of others' rules nothing is known, not even that they are there. */
async function findForWriting(tx: Tx, writer: Writer, { id, version }: Target) {
  const row = await tx
    .selectFrom('rule')
    .selectAll()
    .where('id', '=', id)
    .where(seenBy(writer.userId))
    .executeTakeFirst();
  if (row === undefined) throw new MosaicError('not_found', 'You have no such rule.');
  ownerOf(row.scope, writer);
  if (version !== undefined && version !== row.version) throw stale(row.version);
  const rule = toRule(row);
  if (rule !== undefined) return rule;
  throw new MosaicError('conflict', 'This rule was written by a newer Mosaic.');
}

export function stale(version: number): MosaicError {
  return new MosaicError('conflict', undefined, { details: { version } });
}

function ownerOf(scope: RoutingRule['scope'], { role, userId }: Writer): string | null {
  if (scope === 'user') return userId;
  if (role === 'admin') return null;
  throw new MosaicError('forbidden', "Only administrators change the system's rules.");
}

async function assertNameFree(tx: Tx, rule: RoutingRule, owner: string | null): Promise<void> {
  const taken = await rulesOf(tx, owner).where('name', '=', rule.name).executeTakeFirst();
  if (taken === undefined) return;
  throw new MosaicError('conflict', `There is already a rule "${rule.name}".`);
}

async function assertRoom(tx: Tx, owner: string | null): Promise<void> {
  const rows = await rulesOf(tx, owner).execute();
  if (rows.length < maxRulesOfOne) return;
  throw new MosaicError('conflict', `There are ${maxRulesOfOne} rules already; remove one first.`);
}

function rulesOf(tx: Tx, owner: string | null) {
  const query = tx.selectFrom('rule').select('id');
  return owner === null ? query.where('scope', '=', 'system') : query.where('user_id', '=', owner);
}

function readable(rule: StoredRule | undefined): StoredRule {
  if (rule === undefined) throw new TypeError('a rule was written that can not be read');
  return rule;
}
