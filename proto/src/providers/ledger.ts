import { z } from 'zod';
import { defineEvent } from '../contract.ts';
import { errorCodeSchema } from '../errors.ts';
import { idSchema, instantSchema } from '../ids.ts';
import { modelRefSchema } from './model-ref.ts';
import {
  completionPurposeSchema,
  skippedCandidateSchema,
  stopReasonSchema,
  timingsSchema,
  unseenRequestSchema,
} from './stream-completion.ts';
import { costSchema, usageSchema } from './usage.ts';

/** A model call as it begins. The user is in the subject, which `providers` alone may write to. */
export const startedCallSchema = modelRefSchema.extend({
  id: idSchema.describe(
    'Made when the call starts; everything about the call is kept once per id.',
  ),
  startedAt: instantSchema,
  conversationId: z.string().nullable(),
  agent: z.string().nullable().describe('Who asked; null for titles, probes and plain doors.'),
  purpose: completionPurposeSchema,
  isSimulated: z.boolean(),
});
export type StartedCall = z.infer<typeof startedCallSchema>;

/**
 * How a call went: `answered` ended with a stop reason, `failed` with an error code, `cancelled` by
 * whoever asked, `abandoned` without a last part because nobody read on.
 */
export const callOutcomes = ['answered', 'failed', 'cancelled', 'abandoned'] as const;

/** A model call that is over. Provider and model are those that answered, or were tried last. */
export const endedCallSchema = startedCallSchema.extend({
  outcome: z.enum(callOutcomes),
  stop: stopReasonSchema.nullable(),
  errorCode: errorCodeSchema.nullable(),
  usage: usageSchema.nullable().describe('Of the answer; null when nothing was shown.'),
  cost: costSchema,
  timings: timingsSchema,
  /** Requests to vendors; 0 when no candidate could be asked, which costs nothing. */
  attempts: z.number().int().nonnegative(),
  skipped: z.array(skippedCandidateSchema),
  /** Paid for beside `usage` and `cost`; left out when there were none. */
  unseen: z.array(unseenRequestSchema).optional(),
});
export type EndedCall = z.infer<typeof endedCallSchema>;

/** What a call is known to have cost in US dollars, without what look-alikes say. */
export function knownUsdOf({ cost, isSimulated, unseen = [] }: EndedCall): number {
  const real = [{ cost, isSimulated }, ...unseen].filter((one) => !one.isSimulated);
  return real.reduce((sum, one) => sum + (one.cost.usd ?? 0), 0);
}

export const callStarted = defineEvent({
  subject: 'providers.call.started.{userId}',
  summary: 'A model call began; without its end it is running, or its worker died.',
  fact: startedCallSchema,
  publishedBy: ['providers'],
  consumedBy: ['providers'],
  stream: 'LEDGER',
});

export const callEnded = defineEvent({
  subject: 'providers.call.ended.{userId}',
  summary: 'A model call is over: usage, cost and times, waiting for its row in the ledger.',
  fact: endedCallSchema,
  publishedBy: ['providers'],
  // The router hears how long models take and what people spend, and keeps no call.
  consumedBy: ['providers', 'router'],
  stream: 'LEDGER',
});
