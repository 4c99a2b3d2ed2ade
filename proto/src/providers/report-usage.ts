import { z } from 'zod';
import { defineRequest } from '../contract.ts';
import { usageSchema } from './usage.ts';

const count = z.number().int().nonnegative();

/** What the ledger's rows can be put together by. */
export const usageGroupings = ['day', 'model', 'agent', 'provider'] as const;

/**
 * Model calls put together, with the requests of theirs that failed unseen but have to be paid for: those
 * stand under the model that failed, without being calls. Look-alike vendors are never mixed with real ones.
 */
export const usageSumSchema = z.object({
  isSimulated: z.boolean(),
  calls: count,
  /** Those that did not end with an answer: failed, cancelled, abandoned. */
  unansweredCalls: count,
  /** Those without an end: running now, or their worker died. Nobody knows what they used. */
  openCalls: count,
  /** Requests to vendors beyond the first of each call: asked again, or another candidate asked. */
  retries: count,
  /** Those whose vendor did not say what was used, so that we counted. */
  estimatedCalls: count,
  tokens: usageSchema.omit({ isEstimated: true }),
  /** Sum of the costs that are known, in US dollars; null when none is. */
  costUsd: z.number().nonnegative().nullable(),
  /** Calls and failed requests that reached a vendor and whose cost nobody knows: not in `costUsd`. */
  unknownCostCalls: count,
});
export type UsageSum = z.infer<typeof usageSumSchema>;

export const usageRowSchema = usageSumSchema.extend({
  /** Day (UTC), `provider/model`, agent or provider; null for calls without an agent. */
  key: z.string().nullable(),
});
export type UsageRow = z.infer<typeof usageRowSchema>;

export const usageQuerySchema = z.object({
  from: z.iso.date().describe('First day, in UTC.'),
  to: z.iso.date().describe('Last day, included.'),
  by: z.enum(usageGroupings),
});
export type UsageQuery = z.infer<typeof usageQuerySchema>;

export const reportUsage = defineRequest({
  subject: 'providers.usage.report',
  summary: 'What the caller’s own model calls used and cost, by day, model, agent or provider.',
  request: usageQuerySchema,
  reply: usageQuerySchema.extend({
    rows: z.array(usageRowSchema),
    /** At most two: real and simulated. */
    totals: z.array(usageSumSchema),
  }),
  servedBy: 'providers',
  calledBy: ['gateway'],
  caller: 'user',
});
