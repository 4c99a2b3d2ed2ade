import { z } from 'zod';
import { defineRequest } from '../contract.ts';
import { idSchema, instantSchema } from '../ids.ts';
import { modelNameSchema } from './decide-route.ts';
import { ruleNameSchema, ruleParamsSchema } from './rule-params.ts';
import { ruleTreeSchema } from './rule-tree.ts';

/** A model, or `tier/<name>` or `agent/<name>` for the models of those. */
const candidateName = modelNameSchema.describe('A model, `tier/<name>` or `agent/<name>`.');

/** A routing rule as data: all conditions must hold; the lower priority number is asked first. */
export const routingRuleSchema = z.strictObject({
  name: ruleNameSchema,
  description: z.string().max(300).default(''),
  scope: z.enum(['system', 'user']),
  priority: z.number().int().min(0).max(10_000),
  enabled: z.boolean(),
  when: z.array(ruleTreeSchema).describe('All of them must hold.'),
  then: z
    .strictObject({
      model: modelNameSchema.optional(),
      tier: ruleNameSchema.optional(),
      /** The agent answers; its model, or what the rules below say for it. */
      agent: z.string().min(1).max(64).optional(),
      /** The agent that says of itself that the message's domain is its own; applies when there is one. */
      agentFor: z.literal('domain').optional(),
      /** A data rule: whoever answers, nothing may leave the machines of the installation. */
      only: z.literal('local').optional(),
      params: ruleParamsSchema.optional(),
      fallbacks: z.array(candidateName).max(10).default([]),
    })
    .describe('Exactly one of `model`, `tier`, `agent`, `agentFor` and `only`.'),
});
export type RoutingRule = z.infer<typeof routingRuleSchema>;

/** A rule as it is kept. */
export const storedRuleSchema = routingRuleSchema.extend({
  id: idSchema,
  version: z.number().int().positive().describe('Grows with each change.'),
  updatedAt: instantSchema,
  updatedBy: z.string().describe('Id of the person, or `mosaic` for a default rule.'),
});
export type StoredRule = z.infer<typeof storedRuleSchema>;

/** Built-in rules, which are used when nothing was ever read from the database, have no id. */
export const listedRuleSchema = routingRuleSchema.extend(
  storedRuleSchema.pick({ id: true, version: true, updatedAt: true, updatedBy: true }).partial()
    .shape,
);
export type ListedRule = z.infer<typeof listedRuleSchema>;

/** A named list of models, best first; entries may be `tier/<name>` and `agent/<name>` too. */
export const tierSchema = z.strictObject({
  name: ruleNameSchema,
  models: z.array(candidateName).max(20),
  version: z.number().int().nonnegative().default(0),
});
export type Tier = z.infer<typeof tierSchema>;

/** `error` refuses the save; `warning` is shown. */
export const ruleFindingSchema = z.object({
  level: z.enum(['error', 'warning']),
  code: z.enum([
    'unknown-model',
    'unknown-tier',
    'unknown-agent',
    'unknown-capability',
    'empty-tier',
    'cycle',
    'contradiction',
    'shadowed',
    'lacks-capability',
    'one-vendor',
    'costly-patterns',
  ]),
  /** Name of the rule, or `tier/<name>`. */
  rule: z.string(),
  sentence: z.string(),
});
export type RuleFinding = z.infer<typeof ruleFindingSchema>;

/** Where the rules in force come from: `last-known` while the database is away. */
export const ruleSourceSchema = z.enum(['database', 'last-known', 'built-in']);
export type RuleSource = z.infer<typeof ruleSourceSchema>;

export const listRules = defineRequest({
  subject: 'router.rule.list',
  summary: "The rules in the order in which they are asked: the caller's own and the system's.",
  request: z.object({}),
  reply: z.object({
    rules: z.array(listedRuleSchema),
    policyVersion: z.string(),
    tiers: z.array(tierSchema).optional(),
    source: ruleSourceSchema.optional(),
  }),
  servedBy: 'router',
  calledBy: ['gateway'],
  caller: 'user',
});

export const getEffectiveRules = defineRequest({
  subject: 'router.rule.effective',
  summary: 'As the list, together with what is wrong or doubtful about it.',
  request: z.object({}),
  reply: z.object({
    rules: z.array(listedRuleSchema),
    policyVersion: z.string(),
    tiers: z.array(tierSchema),
    source: ruleSourceSchema,
    findings: z.array(ruleFindingSchema),
  }),
  servedBy: 'router',
  calledBy: ['gateway'],
  caller: 'user',
});
