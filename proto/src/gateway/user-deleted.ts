import { z } from 'zod';
import { defineEvent, serviceNames } from '../contract.ts';
import { instantSchema } from '../ids.ts';

export const userDeleted = defineEvent({
  subject: 'user.deleted.{userId}',
  summary: 'An account is removed: whoever keeps anything of the person removes it, and says what.',
  fact: z.object({ at: instantSchema }),
  publishedBy: ['gateway'],
  consumedBy: ['gateway', 'router', 'agents', 'providers', 'memory', 'jobs'],
  stream: 'USERS',
});

/** What was removed of a person, by the name of what it was: rows of tables, files, jobs, messages. */
export const removedCountsSchema = z.record(z.string(), z.number().int().nonnegative());
export type RemovedCounts = z.infer<typeof removedCountsSchema>;

export const userPurged = defineEvent({
  subject: 'user.purged.{userId}',
  summary: 'One service has removed everything that it kept of a person.',
  fact: z.object({ service: z.enum(serviceNames), counts: removedCountsSchema }),
  publishedBy: ['router', 'agents', 'providers', 'memory', 'jobs'],
  consumedBy: ['gateway'],
  stream: 'USERS',
});

/** Those that keep something of people, beside the gateway itself. */
export const purgingServices = ['router', 'agents', 'providers', 'memory', 'jobs'] as const;

/** The answer of `DELETE /api/admin/users/:id` and `DELETE /api/account`. */
export const removedUserReply = z.object({
  userId: z.string(),
  removed: z.record(z.string(), removedCountsSchema),
  /** Services that have not answered yet: they do it when they are back. */
  pending: z.array(z.enum(serviceNames)),
});
export type RemovedUser = z.infer<typeof removedUserReply>;
