import { z } from 'zod';
import { defineEvent, defineRequest } from '../contract.ts';
import { idSchema, instantSchema } from '../ids.ts';

const perMinute = z.number().int().positive().max(1_000_000_000).nullable();

/** What one person may use; null = as much as they like. */
export const limitsSchema = z.object({
  /** US dollars per day (UTC). 0 leaves the models that cost nothing. */
  budgetUsdPerDay: z.number().nonnegative().max(1_000_000).nullable(),
  requestsPerMinute: perMinute,
  /** Input and output together. */
  tokensPerMinute: perMinute,
});
export type Limits = z.infer<typeof limitsSchema>;

/** What an administrator decided for one person; what is left out is as for everybody. */
export const ownLimitsSchema = limitsSchema.partial();
export type OwnLimits = z.infer<typeof ownLimitsSchema>;

/** The budget of one day. Simulated calls are never part of it. */
export const budgetStateSchema = z.object({
  /** Costs of today's calls that are known, in US dollars. */
  spentUsd: z.number().nonnegative(),
  /** Set aside for calls that run now, by what they may cost at most. */
  reservedUsd: z.number().nonnegative(),
  /** Null without a budget. */
  leftUsd: z.number().nonnegative().nullable(),
  /** Today's calls that reached a vendor and whose cost nobody knows: not in `spentUsd`. */
  unknownCostCalls: z.number().int().nonnegative(),
  resetsAt: instantSchema,
});
export type BudgetState = z.infer<typeof budgetStateSchema>;

export const limitsReportSchema = z.object({
  userId: idSchema,
  /** Those that hold now. */
  limits: limitsSchema,
  /** Those an administrator set for this person; null when there are none. */
  own: ownLimitsSchema.nullable(),
  today: budgetStateSchema,
});
export type LimitsReport = z.infer<typeof limitsReportSchema>;

const ofUser = z.object({ userId: idSchema });

export const readLimits = defineRequest({
  subject: 'providers.limits.read',
  summary: 'The caller’s own limits, and what is left of today’s budget.',
  request: z.object({}),
  reply: limitsReportSchema,
  servedBy: 'providers',
  calledBy: ['gateway', 'router'],
  caller: 'user',
});

export const readUserLimits = defineRequest({
  subject: 'providers.user-limits.read',
  summary: 'The limits of one person, for administrators.',
  request: ofUser,
  reply: limitsReportSchema,
  servedBy: 'providers',
  calledBy: ['gateway'],
  caller: 'admin',
});

export const putUserLimits = defineRequest({
  subject: 'providers.user-limits.put',
  summary: 'Sets the limits of one person, in place of those set before.',
  request: ofUser.extend({ limits: ownLimitsSchema }),
  reply: limitsReportSchema,
  servedBy: 'providers',
  calledBy: ['gateway'],
  caller: 'admin',
});

export const removeUserLimits = defineRequest({
  subject: 'providers.user-limits.remove',
  summary: 'Lets the limits of everybody hold for one person again.',
  request: ofUser,
  reply: limitsReportSchema,
  servedBy: 'providers',
  calledBy: ['gateway'],
  caller: 'admin',
});

/** Heard by every replica of `providers` and of `router`, which then read the limits again. */
export const limitsChanged = defineEvent({
  subject: 'providers.limits.changed',
  summary: 'An administrator changed the limits of one person.',
  fact: ofUser,
  publishedBy: ['providers'],
  consumedBy: ['providers', 'router'],
  stream: null,
});
