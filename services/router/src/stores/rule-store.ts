import type { Exemplar, RoutingRule, RuleChange, StoredRule, Tier } from '@mosaic/proto';
import type { Database } from '@mosaic/service-kit';
import type { OwnPolicy } from '../app/rules/policy.ts';
import { giveDefaults } from './give-defaults.ts';
import { toExemplar } from './learning-store.ts';
import { toRule } from './rule-rows.ts';
import type { Writer } from './save-changes.ts';
import type { RouterTables } from './tables.ts';
import { seenBy } from './whose-rows.ts';
import { createRule, deleteRule, reorderRules, type Target, updateRule } from './write-rules.ts';
import { deleteTier, putTier } from './write-tiers.ts';

type Db = Database<RouterTables>;

/** Everything that is done with the router's rows; each call is one transaction. */
export function openRuleStore(db: Db, tell: TellUnreadable = () => {}) {
  return {
    giveDefaults: (defaults: Parameters<typeof giveDefaults>[1]) => giveDefaults(db, defaults),
    changedSince: (revision: number) => changedSince(db, revision),
    readRevision: () => readRevision(db),
    readSystem: () => readSystem(db, tell),
    /** Removes the number of a user's last save; answers how many rows that were. */
    forgetOwner: (userId: string) => forgetOwner(db, userId),
    readOwn: (userId: string) => readOwn(db, userId, tell),
    readHistory: (userId: string, id: string) => readHistory(db, userId, id),
    createRule: (writer: Writer, rule: RoutingRule) => createRule(db, writer, rule),
    updateRule: (writer: Writer, wish: Parameters<typeof updateRule>[2]) =>
      updateRule(db, writer, wish),
    deleteRule: (writer: Writer, target: Target) => deleteRule(db, writer, target),
    reorderRules: (writer: Writer, wish: Parameters<typeof reorderRules>[2]) =>
      reorderRules(db, writer, wish),
    putTier: (writer: Writer, tier: Parameters<typeof putTier>[2]) => putTier(db, writer, tier),
    deleteTier: (writer: Writer, wish: Parameters<typeof deleteTier>[2]) =>
      deleteTier(db, writer, wish),
  };
}

export type RuleStore = ReturnType<typeof openRuleStore>;

/** The number of the last save. */
async function readRevision(db: Db): Promise<number> {
  const { revision } = await db.asService((tx) =>
    tx.selectFrom('policy').select('revision').executeTakeFirstOrThrow(),
  );
  return revision;
}

async function forgetOwner(db: Db, userId: string): Promise<number> {
  const result = await db.asService((tx) =>
    tx.deleteFrom('owner_revision').where('owner', '=', userId).executeTakeFirst(),
  );
  return Number(result.numDeletedRows);
}

/** Whose rules changed behind a revision (empty: the system's), in the order of the changes. */
function changedSince(db: Db, revision: number) {
  return db.asService((tx) =>
    tx
      .selectFrom('owner_revision')
      .selectAll()
      .where('revision', '>', revision)
      .orderBy('revision')
      .execute(),
  );
}

export interface SystemPolicy {
  readonly rules: readonly StoredRule[];
  readonly tiers: readonly Tier[];
  readonly exemplars: readonly Exemplar[];
}

/** Hears of a row that this version can't read: it is left out. */
export type TellUnreadable = (rule: { readonly id: string; readonly name: string }) => void;

function readSystem(db: Db, tell: TellUnreadable): Promise<SystemPolicy> {
  return db.asService(async (tx) => {
    const rows = await tx.selectFrom('rule').selectAll().where('scope', '=', 'system').execute();
    const tiers = await tx
      .selectFrom('tier')
      .select(['name', 'models', 'version'])
      .orderBy('name')
      .execute();
    const exemplars = await tx
      .selectFrom('exemplar')
      .selectAll()
      .where('scope', '=', 'system')
      .execute();
    return { rules: readable(rows, tell), tiers, exemplars: exemplars.flatMap(toExemplars) };
  });
}

async function readOwn(db: Db, userId: string, tell: TellUnreadable): Promise<OwnPolicy> {
  return await db.asUser({ userId }, async (tx) => {
    const rules = await tx.selectFrom('rule').selectAll().where('user_id', '=', userId).execute();
    const exemplars = await tx
      .selectFrom('exemplar')
      .selectAll()
      .where('user_id', '=', userId)
      .execute();
    return { rules: readable(rules, tell), exemplars: exemplars.flatMap(toExemplars) };
  });
}

const toExemplars = (row: Parameters<typeof toExemplar>[0]) => toExemplar(row) ?? [];

function readable(rows: readonly Parameters<typeof toRule>[0][], tell: TellUnreadable) {
  return rows.flatMap((row) => {
    const rule = toRule(row);
    if (rule === undefined) tell({ id: row.id, name: row.name });
    return rule ?? [];
  });
}

/** The newest changes of a rule, or of a tier by `tier/<name>`; none for what is not theirs to see. */
async function readHistory(db: Db, userId: string, id: string): Promise<readonly RuleChange[]> {
  const rows = await db.asUser({ userId }, (tx) =>
    tx
      .selectFrom('rule_change')
      .select(['at', 'by', 'action', 'before', 'after'])
      .where('subject', '=', id)
      .where(seenBy(userId))
      .orderBy('id', 'desc')
      .limit(200)
      .execute(),
  );
  return rows.map((row) => ({ ...row, at: row.at.toISOString() }));
}
