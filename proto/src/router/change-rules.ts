import { z } from 'zod';
import { defineEvent, defineRequest } from '../contract.ts';
import { idSchema, instantSchema } from '../ids.ts';
import { ruleNameSchema } from './rule-params.ts';
import { routingRuleSchema, ruleFindingSchema, storedRuleSchema, tierSchema } from './rules.ts';

/** A rule as a person wrote it: the router reads it strictly and tells all slips at once. */
export const ruleDraftSchema = z
  .record(z.string(), z.unknown())
  .describe('A routing rule; `scope`, `priority`, `enabled` and `when` may be left out.');

/** The version that the writer has seen; a save on top of another one is refused. */
const seenVersion = z.number().int().nonnegative().optional();

const served = { servedBy: 'router', calledBy: ['gateway'], caller: 'user' } as const;
const saved = z.object({ rule: storedRuleSchema, findings: z.array(ruleFindingSchema) });

export const createRule = defineRequest({
  subject: 'router.rule.create',
  summary: 'Adds a rule of the caller, or of the system when the caller is an administrator.',
  request: z.object({ rule: ruleDraftSchema }),
  reply: saved,
  ...served,
});

export const updateRule = defineRequest({
  subject: 'router.rule.update',
  summary: 'Changes the given fields of a rule; what is not given stays.',
  request: z.object({ id: idSchema, version: seenVersion, changes: ruleDraftSchema }),
  reply: saved,
  ...served,
});

export const deleteRule = defineRequest({
  subject: 'router.rule.delete',
  summary: 'Removes a rule; its history stays.',
  request: z.object({ id: idSchema, version: seenVersion }),
  reply: z.object({ isDeleted: z.boolean() }),
  ...served,
});

export const reorderRules = defineRequest({
  subject: 'router.rule.reorder',
  summary:
    'Puts all rules of one scope into this order, moving their priorities as little as needed.',
  request: z.object({
    ids: z.array(idSchema).min(1).max(500),
    scope: routingRuleSchema.shape.scope.default('user'),
  }),
  reply: z.object({ rules: z.array(storedRuleSchema) }),
  ...served,
});

export const lintRules = defineRequest({
  subject: 'router.rule.lint',
  summary: 'Judges rules that are not saved, together with those that are.',
  request: z.object({ rules: z.array(ruleDraftSchema).max(100) }),
  reply: z.object({
    /** What can't be read at all; such a rule is left out of the judgement. */
    problems: z.array(z.object({ path: z.string(), message: z.string() })),
    findings: z.array(ruleFindingSchema),
  }),
  ...served,
});

/** One change of a rule. `before` is null for a new rule, `after` for a removed one. */
export const ruleChangeSchema = z.object({
  at: instantSchema,
  by: z.string().describe('Id of the person, or `mosaic` for a default rule.'),
  action: z.enum(['created', 'updated', 'deleted', 'reordered']),
  before: z.record(z.string(), z.unknown()).nullable(),
  after: z.record(z.string(), z.unknown()).nullable(),
});
export type RuleChange = z.infer<typeof ruleChangeSchema>;

export const getRuleHistory = defineRequest({
  subject: 'router.rule.history',
  summary: "Every change of one of the caller's or the system's rules, newest first.",
  request: z.object({
    id: z
      .string()
      .regex(/^(?:tier\/)?[A-Za-z0-9_-]{1,64}$/)
      .describe('Id of a rule, or `tier/<name>`.'),
  }),
  reply: z.object({ changes: z.array(ruleChangeSchema) }),
  ...served,
});

export const putTier = defineRequest({
  subject: 'router.tier.put',
  summary: 'Sets the models of a tier.',
  request: z.object({
    name: ruleNameSchema,
    models: tierSchema.shape.models,
    version: seenVersion,
  }),
  reply: z.object({ tier: tierSchema, findings: z.array(ruleFindingSchema) }),
  ...served,
  caller: 'admin',
});

export const deleteTier = defineRequest({
  subject: 'router.tier.delete',
  summary: 'Removes a tier that no rule names.',
  request: z.object({ name: ruleNameSchema, version: seenVersion }),
  reply: z.object({ isDeleted: z.boolean() }),
  ...served,
  caller: 'admin',
});

/** Heard by every router, which then reads what changed. */
export const rulesChanged = defineEvent({
  subject: 'router.rules.changed',
  summary: 'Rules or tiers were saved; `revision` grows with each save.',
  fact: z.object({ revision: z.number().int().nonnegative() }),
  publishedBy: ['router'],
  consumedBy: ['router'],
  stream: null,
});
