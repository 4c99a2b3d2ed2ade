import { z } from 'zod';
import { defineRequest } from '../contract.ts';
import { idSchema, instantSchema } from '../ids.ts';
import { modelRefSchema } from '../providers/model-ref.ts';
import { ruleDraftSchema } from './change-rules.ts';
import { ruleFindingSchema } from './rules.ts';

/** Where a message goes by one set of rules; null when nothing can answer. */
const goesTo = modelRefSchema
  .extend({ rule: z.string(), expectedCostUsd: z.number().nonnegative().nullable() })
  .nullable();

/** A past message that the changed rules send elsewhere. */
export const movedMessageSchema = z.object({
  conversationId: idSchema,
  messageId: z.string(),
  at: instantSchema,
  text: z.string().max(200).describe('The beginning of the message.'),
  /** Who was chosen then, as the log has it. */
  was: modelRefSchema.nullable(),
  from: goesTo,
  to: goesTo,
});
export type MovedMessage = z.infer<typeof movedMessageSchema>;

export const replayRules = defineRequest({
  subject: 'router.rule.replay',
  summary:
    "Runs changed rules over the caller's own past messages and says what moves; saves nothing.",
  request: z.object({
    /** Each replaces the rule of its name and scope, or is added. */
    rules: z.array(ruleDraftSchema).max(100).default([]),
    /** Names of rules that are left out. */
    without: z.array(z.string().max(64)).max(200).default([]),
    limit: z.number().int().min(1).max(500).default(500),
  }),
  reply: z.object({
    messages: z.number().int().nonnegative().describe('How many were looked at, newest first.'),
    isComplete: z.boolean().describe('False when there are older ones.'),
    moved: z.array(movedMessageSchema),
    /** Sums over the moved messages whose costs are known on both sides, in US dollars. */
    expectedCostUsd: z.object({ from: z.number(), to: z.number(), difference: z.number() }),
    unknownCosts: z.number().int().nonnegative().describe('Moved messages left out of the sums.'),
    findings: z.array(ruleFindingSchema),
  }),
  servedBy: 'router',
  calledBy: ['gateway'],
  caller: 'user',
});
