import { z } from 'zod';
import { idSchema, instantSchema } from '../ids.ts';

const count = z.number().int().nonnegative();

/** What a conversation used and cost until now, from its log alone. */
export const conversationMetricsSchema = z.object({
  conversationId: idSchema,
  seq: count.describe('The last event that is counted.'),
  messages: count.describe('Of people.'),
  answers: z.object({ completed: count, failed: count, cancelled: count, running: count }),
  tokens: z.object({ input: count, cached: count, output: count, reasoning: count }),
  costUsd: z.number().nonnegative().describe('Sum of the costs that are known.'),
  unknownCosts: count.describe('Answers whose cost nobody knows; not in the sum.'),
  modelSwitches: count.describe('Answers by another model than the answer before.'),
  models: z.array(z.object({ provider: z.string(), model: z.string(), answers: count })),
  toolCalls: count,
  summaries: count.describe('Times that older turns were put into a summary.'),
  restarts: count,
  lastActivityAt: instantSchema.nullable(),
});
export type ConversationMetrics = z.infer<typeof conversationMetricsSchema>;
