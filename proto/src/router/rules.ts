import { z } from 'zod';
import { defineRequest } from '../contract.ts';
import { modelNameSchema } from './decide-route.ts';

const textOps = z.enum(['is', 'is-not', 'in', 'contains', 'at-least', 'at-most']);

export const ruleConditionSchema = z.strictObject({
  field: z.enum([
    'taskType',
    'complexity',
    'domain',
    'language',
    'needs',
    'agent',
    'channel',
    'promptTokens',
    'text',
  ]),
  op: textOps,
  value: z.union([z.string(), z.number(), z.array(z.string())]),
});
export type RuleCondition = z.infer<typeof ruleConditionSchema>;

/** A routing rule as data: all conditions must hold; the lower priority number is asked first. */
export const routingRuleSchema = z.strictObject({
  name: z.string().regex(/^[a-z0-9][a-z0-9-]{0,63}$/),
  description: z.string().max(300).default(''),
  scope: z.enum(['system', 'user']),
  priority: z.number().int().min(0).max(10_000),
  enabled: z.boolean(),
  when: z.array(ruleConditionSchema),
  then: z.strictObject({ model: modelNameSchema, fallbacks: z.array(modelNameSchema) }),
});
export type RoutingRule = z.infer<typeof routingRuleSchema>;

export const listRules = defineRequest({
  subject: 'router.rule.list',
  summary: "The rules in the order in which they are asked: the caller's own and the system's.",
  request: z.object({}),
  reply: z.object({ rules: z.array(routingRuleSchema), policyVersion: z.string() }),
  servedBy: 'router',
  calledBy: ['gateway'],
  caller: 'user',
});
