import { z } from 'zod';
import { defineRequest } from '../contract.ts';
import { instantSchema } from '../ids.ts';

export const sweepRetention = defineRequest({
  subject: 'memory.retention.sweep',
  summary:
    'Removes what was deleted or is older than the retention of the installation, for all users.',
  request: z.object({
    /** Remove conversations untouched since then; null keeps them for ever. */
    untouchedSince: instantSchema.nullable(),
  }),
  reply: z.object({
    users: z.number().int().nonnegative(),
    conversations: z.number().int().nonnegative(),
  }),
  servedBy: 'memory',
  calledBy: ['jobs'],
  caller: 'service',
});
