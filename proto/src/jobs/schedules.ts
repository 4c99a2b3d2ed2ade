import { z } from 'zod';
import { defineRequest } from '../contract.ts';
import { instantSchema } from '../ids.ts';

/** A job that runs by the clock: either a cron pattern or a fixed interval. */
export const scheduleSchema = z.object({
  id: z.string().max(64),
  queue: z.string(),
  job: z.string(),
  pattern: z.string().nullable().describe('Cron pattern of five or six fields, or null.'),
  everyMs: z.number().int().positive().nullable(),
  timeZone: z.string().nullable(),
  nextAt: instantSchema.nullable(),
});
export type Schedule = z.infer<typeof scheduleSchema>;

const admin = { servedBy: 'jobs', calledBy: ['gateway'], caller: 'admin' } as const;

export const listSchedules = defineRequest({
  subject: 'jobs.schedule.list',
  summary: 'All schedules with their next run.',
  request: z.object({}),
  reply: z.object({ schedules: z.array(scheduleSchema) }),
  ...admin,
});

export const putSchedule = defineRequest({
  subject: 'jobs.schedule.put',
  summary: 'Creates or changes a schedule of a known job.',
  request: z.object({
    id: z.string().regex(/^[a-z0-9-]{1,64}$/),
    job: z.string().max(64),
    pattern: z.string().max(120).optional(),
    everyMs: z.number().int().min(1_000).optional(),
    timeZone: z.string().max(64).optional(),
  }),
  reply: z.object({ schedule: scheduleSchema }),
  ...admin,
});

export const removeSchedule = defineRequest({
  subject: 'jobs.schedule.remove',
  summary: 'Removes a schedule.',
  request: z.object({ id: z.string().max(64) }),
  reply: z.object({ isRemoved: z.boolean() }),
  ...admin,
});
