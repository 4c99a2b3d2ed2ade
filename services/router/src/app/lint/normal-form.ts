import type { RuleField, RuleTree } from '@mosaic/proto';
import { type Domain, domainOf, isEmpty, isWithin, meet } from './domains.ts';

/** Conditions that must all hold, at most one domain per field; one way for a rule to apply. */
export type Way = ReadonlyMap<RuleField, Domain>;

/** More ways than this are not looked at: such a rule is judged by its models only. */
const maxWays = 256;

/**
 * The ways in which conditions can be true; none when they contradict each other, undefined when
 * there are too many to tell.
 */
export function waysOf(trees: readonly RuleTree[]): readonly Way[] | undefined {
  return allOf(trees, false);
}

function waysOfTree(tree: RuleTree, isNegated: boolean): readonly Way[] | undefined {
  if ('not' in tree) return waysOfTree(tree.not, !isNegated);
  // Not all of them is the same as any of the opposites, and the other way round.
  if ('all' in tree) return isNegated ? anyOf(tree.all, true) : allOf(tree.all, false);
  if ('any' in tree) return isNegated ? allOf(tree.any, true) : anyOf(tree.any, false);
  const domain = domainOf(tree, isNegated);
  return isEmpty(domain) ? [] : [new Map([[tree.field, domain]])];
}

function anyOf(trees: readonly RuleTree[], isNegated: boolean): readonly Way[] | undefined {
  const ways: Way[] = [];
  for (const tree of trees) {
    const more = waysOfTree(tree, isNegated);
    if (more === undefined || ways.length + more.length > maxWays) return undefined;
    ways.push(...more);
  }
  return ways;
}

function allOf(trees: readonly RuleTree[], isNegated: boolean): readonly Way[] | undefined {
  let ways: readonly Way[] = [new Map()];
  for (const tree of trees) {
    const more = waysOfTree(tree, isNegated);
    if (more === undefined || ways.length * more.length > maxWays) return undefined;
    ways = ways.flatMap((way) => more.flatMap((other) => join(way, other)));
  }
  return ways;
}

/** Both ways at once, as a list of one; empty when they exclude each other. */
export function join(left: Way, right: Way): Way[] {
  const both = new Map(left);
  for (const [field, domain] of right) {
    const present = both.get(field);
    const met = present === undefined ? domain : meet(present, domain);
    if (met === undefined) return [];
    both.set(field, met);
  }
  return [both];
}

/** True when whatever goes this way goes the other way too. */
export function isCoveredBy(way: Way, other: Way): boolean {
  for (const [field, wide] of other) {
    const narrow = way.get(field);
    if (narrow === undefined || !isWithin(narrow, wide)) return false;
  }
  return true;
}
