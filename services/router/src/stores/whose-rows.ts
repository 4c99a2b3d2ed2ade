import type { Expression, ExpressionBuilder, SqlBool } from 'kysely';
import type { RouterTables } from './tables.ts';

type Owned = 'rule' | 'exemplar' | 'rule_change';
type Condition = (eb: ExpressionBuilder<RouterTables, Owned>) => Expression<SqlBool>;

/** Rows of a person and of the system: the filter beside row level security, which alone has to hold. */
export function seenBy(userId: string): Condition {
  return (eb) => eb.or([eb('user_id', 'is', null), eb('user_id', '=', userId)]);
}

/** Rows of one owner; null: the system's. */
export function ownedBy(owner: string | null): Condition {
  return (eb) => (owner === null ? eb('user_id', 'is', null) : eb('user_id', '=', owner));
}
