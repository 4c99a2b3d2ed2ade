import type { StoredRule } from '@mosaic/proto';
import type { Selectable } from 'kysely';
import { readRule } from '../app/rules/read-rule.ts';
import type { RouterTables } from './tables.ts';

type Row = Selectable<RouterTables['rule']>;

/** A row as a rule; undefined for one that this version can't read. */
export function toRule(row: Row): StoredRule | undefined {
  const { rule } = readRule({
    name: row.name,
    description: row.description,
    scope: row.scope,
    priority: row.priority,
    enabled: row.enabled,
    when: row.conditions,
    then: row.target,
  });
  if (rule === undefined) return undefined;
  const { id, updated_at, updated_by, version } = row;
  return { ...rule, id, version, updatedAt: updated_at.toISOString(), updatedBy: updated_by };
}

/** The columns that a person's words make. */
export function contentOf(rule: Omit<StoredRule, 'id' | 'version' | 'updatedAt' | 'updatedBy'>) {
  return {
    name: rule.name,
    description: rule.description,
    priority: rule.priority,
    enabled: rule.enabled,
    conditions: JSON.stringify(rule.when),
    target: JSON.stringify(rule.then),
  };
}
