import { type RuleCondition, type RuleTree, ruleTreeInWords } from '@mosaic/proto';
import type { FactValue, RuleFacts } from './facts.ts';
import { judge } from './judge-condition.ts';

/** The condition because of which a rule does not apply. */
export interface Failure {
  readonly condition: RuleTree;
  /** What its field was; undefined for a group. */
  readonly actual: FactValue | undefined;
  readonly sentence: string;
}

/** The first condition of several that does not hold, or null when all do. */
export function firstFailure(trees: readonly RuleTree[], facts: RuleFacts): Failure | null {
  for (const tree of trees) {
    if (judge(tree, facts) !== true) return explain(tree, facts);
  }
  return null;
}

function explain(tree: RuleTree, facts: RuleFacts): Failure {
  // Of `all` the one that failed says more than the group.
  if ('all' in tree) return firstFailure(tree.all, facts) ?? describeGroup(tree, facts);
  if ('any' in tree || 'not' in tree) return describeGroup(tree, facts);
  const actual = facts[tree.field];
  return {
    condition: tree,
    actual,
    sentence: `${ruleTreeInWords(tree)} (${haveInWords(tree, actual)})`,
  };
}

function describeGroup(tree: RuleTree, facts: RuleFacts): Failure {
  const have = [...new Map(conditionsIn(tree).map((one) => [one.field, one])).values()].map(
    (one) => `${one.field}: ${haveInWords(one, facts[one.field])}`,
  );
  return {
    condition: tree,
    actual: undefined,
    sentence: `${ruleTreeInWords(tree)} (${have.join('; ')})`,
  };
}

/** Every condition in a tree, from left to right. */
export function conditionsIn(tree: RuleTree): readonly RuleCondition[] {
  if ('all' in tree) return tree.all.flatMap(conditionsIn);
  if ('any' in tree) return tree.any.flatMap(conditionsIn);
  return 'not' in tree ? conditionsIn(tree.not) : [tree];
}

function haveInWords({ field }: RuleCondition, actual: FactValue): string {
  if (actual === null) return 'it is not known';
  if (field === 'text') return 'it is another text';
  const value = Array.isArray(actual) ? actual.join(', ') : String(actual);
  return `it is ${value === '' ? 'nothing' : value}`;
}
