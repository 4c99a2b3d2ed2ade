import type { RoutingRule } from '@mosaic/proto';

/** The order in which rules are asked: lower numbers first, at equal ones the person's own. */
export function orderRules<Rule extends RoutingRule>(rules: readonly Rule[]): readonly Rule[] {
  return [...rules].sort(
    (left, right) =>
      left.priority - right.priority ||
      Number(left.scope === 'system') - Number(right.scope === 'system') ||
      (left.name < right.name ? -1 : 1),
  );
}
