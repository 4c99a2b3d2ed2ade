import { z } from 'zod';

export const ruleFieldSchema = z.enum([
  'taskType',
  'complexity',
  'domain',
  'language',
  'needs',
  'costTier',
  'agent',
  'agentDomains',
  'agentToolSets',
  'channel',
  'user',
  'promptTokens',
  'budgetLeft',
  'text',
  'timeOfDay',
  'followsUp',
]);
export type RuleField = z.infer<typeof ruleFieldSchema>;

export const ruleOperatorSchema = z.enum([
  'is',
  'is-not',
  'in',
  'not-in',
  'contains',
  'matches',
  'at-least',
  'at-most',
  'between',
]);
export type RuleOperator = z.infer<typeof ruleOperatorSchema>;

/** One question about one fact. */
export interface RuleCondition {
  readonly field: RuleField;
  readonly op: RuleOperator;
  readonly value: string | number | readonly string[];
}

/**
 * Conditions and groups of them. It is true, false or not known: a condition on a fact that nobody
 * knows is not known, and neither is its opposite; `all`, `any` and `not` go on from there as in
 * Kleene's logic. Only what is true makes a rule apply.
 */
export type RuleTree =
  | RuleCondition
  | { readonly all: readonly RuleTree[] }
  | { readonly any: readonly RuleTree[] }
  | { readonly not: RuleTree };

/** Groups within groups within groups are more than anybody reads. */
export const maxRuleDepth = 4;
export const maxRuleConditions = 40;
/** Conditions with `matches`. */
export const maxRulePatterns = 5;

// Documents made from this cannot refer to themselves, so it describes one level; the router reads
// every level strictly before anything is stored, which makes the cast true.
const oneLevel = z
  .strictObject({
    field: ruleFieldSchema.optional(),
    op: ruleOperatorSchema.optional(),
    value: z.union([z.string(), z.number(), z.array(z.string())]).optional(),
    all: z.array(z.unknown()).optional(),
    any: z.array(z.unknown()).optional(),
    not: z.unknown().optional(),
  })
  .describe(
    'Either `field`, `op` and `value`, or one of `all`, `any` and `not` with more of these.',
  );
export const ruleTreeSchema = oneLevel as unknown as z.ZodType<RuleTree, RuleTree>;

/** A tree as a person would say it: `taskType is coding`, `(… or …)`, `not …`. */
export function ruleTreeInWords(tree: RuleTree): string {
  if ('all' in tree) return `(${tree.all.map(ruleTreeInWords).join(' and ')})`;
  if ('any' in tree) return `(${tree.any.map(ruleTreeInWords).join(' or ')})`;
  if ('not' in tree) return `not ${ruleTreeInWords(tree.not)}`;
  const { field, op, value } = tree;
  return `${field} ${op} ${Array.isArray(value) ? value.join(', ') : value}`;
}
