import { z } from 'zod';
import { defineRequest } from '../contract.ts';
import { instantSchema } from '../ids.ts';

export const jobStateSchema = z.enum(['waiting', 'active', 'delayed', 'completed', 'failed']);

/** A background job as an administrator sees it. */
export const jobSchema = z.object({
  queue: z.string(),
  id: z.string(),
  name: z.string(),
  state: z.union([jobStateSchema, z.literal('unknown')]),
  /** Without secrets: the signed caller is left out. */
  data: z.record(z.string(), z.unknown()),
  attemptsMade: z.number().int().nonnegative(),
  attempts: z.number().int().nonnegative(),
  /** Wait before the next attempt in milliseconds, when one is planned. */
  delayMs: z.number().nonnegative().nullable(),
  failedReason: z.string().nullable(),
  /** One line per attempt: when it ran and how it failed. */
  log: z.array(z.string()),
  createdAt: instantSchema,
  processedAt: instantSchema.nullable(),
  finishedAt: instantSchema.nullable(),
});
export type Job = z.infer<typeof jobSchema>;

const jobKey = { queue: z.string().max(64), id: z.string().max(200) };
const admin = { servedBy: 'jobs', calledBy: ['gateway'], caller: 'admin' } as const;

export const listJobs = defineRequest({
  subject: 'jobs.job.list',
  summary: 'Jobs by queue and state with counts per queue.',
  request: z.object({
    queue: z.string().max(64).optional(),
    state: jobStateSchema.optional(),
    limit: z.number().int().min(1).max(200).default(50),
  }),
  reply: z.object({
    queues: z.array(
      z.object({
        name: z.string(),
        isPaused: z.boolean(),
        counts: z.record(z.string(), z.number()),
      }),
    ),
    jobs: z.array(jobSchema),
  }),
  ...admin,
});

export const getJob = defineRequest({
  subject: 'jobs.job.get',
  summary: 'One job with its attempts and log.',
  request: z.object(jobKey),
  reply: z.object({ job: jobSchema }),
  ...admin,
});

export const retryJob = defineRequest({
  subject: 'jobs.job.retry',
  summary: 'Runs a failed job again.',
  request: z.object(jobKey),
  reply: z.object({ job: jobSchema }),
  ...admin,
});

export const removeJob = defineRequest({
  subject: 'jobs.job.remove',
  summary: 'Removes a job that is not running.',
  request: z.object(jobKey),
  reply: z.object({ isRemoved: z.boolean() }),
  ...admin,
});

export const setQueuePaused = defineRequest({
  subject: 'jobs.queue.set-paused',
  summary: 'Pauses or resumes a queue.',
  request: z.object({ queue: z.string().max(64), isPaused: z.boolean() }),
  reply: z.object({ isPaused: z.boolean() }),
  ...admin,
});
