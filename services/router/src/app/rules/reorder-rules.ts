import { MosaicError, type StoredRule } from '@mosaic/proto';
import { orderRules } from './order-rules.ts';

/**
 * Puts rules into the order of `ids`. The priorities that are there are dealt out again, so that the
 * rules stay where they are among those of others; only equal ones are moved apart. Throws
 * bad_request when `ids` are not exactly the rules.
 */
export function reorderRules(
  rules: readonly StoredRule[],
  ids: readonly string[],
): readonly StoredRule[] {
  const known = new Map(rules.map((rule) => [rule.id, rule]));
  const problems = [
    ...ids.filter((id) => !known.has(id)).map((id) => `there is no rule ${id}`),
    ...ids.filter((id, index) => ids.indexOf(id) !== index).map((id) => `${id} comes twice`),
    ...rules
      .filter(({ id }) => !ids.includes(id))
      .map(({ id, name }) => `${name} (${id}) is missing`),
  ];
  if (problems.length > 0) {
    const details = problems.map((message) => ({ path: 'ids', message }));
    throw new MosaicError('bad_request', `ids: ${problems[0]}`, { details });
  }
  const priorities = orderRules(rules).map(({ priority }) => priority);
  let last = -1;
  return ids.flatMap((id, index) => {
    const rule = known.get(id);
    if (rule === undefined) return [];
    last = Math.max(priorities[index] ?? 0, last + 1);
    return [{ ...rule, priority: Math.min(last, 10_000) }];
  });
}
