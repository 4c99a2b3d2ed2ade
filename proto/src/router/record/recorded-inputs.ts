import { z } from 'zod';
import { modelCardSchema } from '../../providers/catalogue/catalogue.ts';
import { priceTierSchema, ratesSchema } from '../../providers/catalogue/price.ts';
import { modelRefSchema } from '../../providers/model-ref.ts';
import { ruleParamsSchema, timeOfDaySchema } from '../rule-params.ts';
import { ruleTreeSchema } from '../rule-tree.ts';

/** A card as it was at the time, as far as it decides. */
const recordedCardSchema = modelCardSchema
  .pick({
    provider: true,
    model: true,
    name: true,
    contextTokens: true,
    maxOutputTokens: true,
    capabilities: true,
    isAvailable: true,
    unavailableReason: true,
  })
  .extend({
    price: ratesSchema.extend({ tiers: z.array(priceTierSchema) }).nullable(),
    latency: z
      .object({
        firstTokenMs: z.number().nonnegative().nullable(),
        totalMs: z.number().nonnegative(),
        calls: z.number().int().positive(),
      })
      .nullable(),
  });
export type RecordedCard = z.infer<typeof recordedCardSchema>;

/** A rule as far as it decided: of one that did not apply only the condition that failed. */
const recordedRuleSchema = z.object({
  name: z.string(),
  scope: z.enum(['system', 'user']),
  enabled: z.boolean(),
  when: z.array(ruleTreeSchema),
  then: z.object({
    model: z.string().optional(),
    tier: z.string().optional(),
    agent: z.string().optional(),
    agentFor: z.literal('domain').optional(),
    only: z.literal('local').optional(),
    params: ruleParamsSchema.optional(),
    fallbacks: z.array(z.string()),
  }),
});
export type RecordedRule = z.infer<typeof recordedRuleSchema>;

/** The question without the message's own words, which stand in the log. */
const recordedQuestionSchema = z.object({
  messageModel: z.string().optional(),
  pinnedModel: z.string().optional(),
  preferredModel: z.string().optional(),
  agent: z.object({ name: z.string(), model: z.string().optional() }).optional(),
  previous: modelRefSchema.optional(),
  /** How many turns of the past it came with; their words stand in the log. */
  pastTurns: z.number().int().nonnegative(),
  needs: z.object({ tools: z.boolean(), vision: z.boolean(), json: z.boolean().optional() }),
  bringsTools: z.boolean().optional(),
  contextTokens: z.number().int().nonnegative(),
  channel: z.string().optional(),
  costTier: z.string().optional(),
  budgetLeftUsd: z.number().nonnegative().optional(),
  localTime: timeOfDaySchema.optional(),
  outputTokens: z.number().int().positive().optional(),
  cachedTokens: z.number().int().nonnegative().optional(),
});

/** Everything besides the message's own words and the classifier that a decision was made from. */
export const recordedInputsSchema = z.object({
  question: recordedQuestionSchema,
  /** What the router knew by itself. */
  caller: z.object({ userId: z.string(), via: z.string().optional() }).optional(),
  timeOfDay: timeOfDaySchema.optional(),
  budgetLeftUsd: z.number().nonnegative().optional(),
  policyVersion: z.string(),
  rules: z.array(recordedRuleSchema),
  /** The tiers and agents that the rules name; agents are null where nobody had told them. */
  tiers: z.record(z.string(), z.array(z.string())),
  agents: z
    .array(
      z.object({
        name: z.string(),
        model: z.string().nullable(),
        usesTools: z.boolean().optional(),
        domains: z.array(z.string()).optional(),
        toolSets: z.array(z.string()).optional(),
      }),
    )
    .nullable(),
  /** Every model that was looked at. */
  cards: z.array(recordedCardSchema),
});
