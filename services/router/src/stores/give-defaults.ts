import { makeId, type RoutingRule, type Tier } from '@mosaic/proto';
import type { Database } from '@mosaic/service-kit';
import { contentOf } from './rule-rows.ts';
import { allowSystem, nextRevision, noteChange, noteOwner, type Tx } from './save-changes.ts';
import type { RouterTables } from './tables.ts';

const by = 'mosaic';

/**
 * Puts in the rules and tiers that were never put in before, each once: what an operator changed or
 * removed stays that way, and what a newer Mosaic brings is added.
 */
export async function giveDefaults(
  db: Database<RouterTables>,
  defaults: { readonly rules: readonly RoutingRule[]; readonly tiers: readonly Tier[] },
): Promise<void> {
  await db.asService(async (tx) => {
    await allowSystem(tx);
    const given = await tx.selectFrom('default_given').select('name').execute();
    const names = new Set(given.map((one) => one.name));
    const rules = defaults.rules.filter((rule) => !names.has(rule.name));
    const tiers = defaults.tiers.filter((tier) => !names.has(`tier/${tier.name}`));
    if (rules.length === 0 && tiers.length === 0) return;
    // From here on other replicas wait; what they gave meanwhile is left as it is.
    const revision = await nextRevision(tx);
    for (const rule of rules) if (await isFirst(tx, rule.name)) await giveRule(tx, rule);
    for (const tier of tiers) if (await isFirst(tx, `tier/${tier.name}`)) await giveTier(tx, tier);
    await noteOwner(tx, null, revision);
  });
}

async function isFirst(tx: Tx, name: string): Promise<boolean> {
  const added = await tx
    .insertInto('default_given')
    .values({ name })
    .onConflict((conflict) => conflict.doNothing())
    .executeTakeFirst();
  return added.numInsertedOrUpdatedRows === 1n;
}

async function giveRule(tx: Tx, rule: RoutingRule): Promise<void> {
  const id = makeId();
  const isTaken = await tx
    .selectFrom('rule')
    .select('id')
    .where('scope', '=', 'system')
    .where('name', '=', rule.name)
    .executeTakeFirst();
  if (isTaken !== undefined) return;
  const row = { ...contentOf(rule), id, scope: rule.scope, user_id: null, updated_by: by };
  await tx.insertInto('rule').values(row).execute();
  const change = { action: 'created', before: null, after: { ...rule, id, version: 1 } } as const;
  await noteChange(tx, { subject: id, owner: null, by }, change);
}

async function giveTier(tx: Tx, { models, name }: Tier): Promise<void> {
  const added = await tx
    .insertInto('tier')
    .values({ name, models: JSON.stringify(models), updated_by: by })
    .onConflict((conflict) => conflict.doNothing())
    .executeTakeFirst();
  if (added.numInsertedOrUpdatedRows !== 1n) return;
  const change = { action: 'created', before: null, after: { models } } as const;
  await noteChange(tx, { subject: `tier/${name}`, owner: null, by }, change);
}
