import { MosaicError } from '@mosaic/proto';
import type { Queue } from 'bullmq';
import { Redis } from 'ioredis';
import type { JobDefinition } from '../app/job-definition.ts';
import { scheduleView } from '../app/schedule-view.ts';
import { retryOptions } from './job-options.ts';
import type { Queues } from './queues.ts';

export interface ScheduleOptions {
  readonly queueOf: (name: string) => Queue;
  readonly backoffMs: number;
}

/** Remembers in Redis which schedules an installation was given once. */
const seededKey = 'mosaic:seeded-schedules';

/**
 * Puts the schedules in place that a new installation starts with. Each is given once: what an
 * administrator changed or removed since stays so. Two replicas that do it at once write the same.
 */
export async function seedSchedules(
  definitions: readonly JobDefinition[],
  options: ScheduleOptions & { readonly redisUrl: string },
): Promise<void> {
  const redis = new Redis(options.redisUrl, { maxRetriesPerRequest: 1, lazyConnect: true });
  // Failures come to the caller by the promises of the commands.
  redis.on('error', () => undefined);
  try {
    for (const definition of definitions) {
      if (definition.cron === undefined) continue;
      if ((await redis.sismember(seededKey, definition.name)) === 1) continue;
      const queue = options.queueOf(definition.queue);
      if ((await queue.getJobScheduler(definition.name)) === undefined) {
        const when = { pattern: definition.cron, tz: 'UTC' };
        await upsertSchedule(definition, { id: definition.name, when }, options);
      }
      await redis.sadd(seededKey, definition.name);
    }
  } finally {
    redis.disconnect();
  }
}

/** Creates or changes a schedule; BullMQ's complaint about a bad pattern becomes `bad_request`. */
async function upsertSchedule(
  definition: JobDefinition,
  schedule: {
    readonly id: string;
    readonly when: { pattern: string; tz: string } | { every: number };
  },
  options: ScheduleOptions,
): Promise<void> {
  try {
    await options.queueOf(definition.queue).upsertJobScheduler(schedule.id, schedule.when, {
      name: definition.name,
      data: {},
      opts: retryOptions(definition, options.backoffMs),
    });
  } catch (cause) {
    // Only a queue that answers can have refused the schedule itself.
    await options.queueOf(definition.queue).count();
    const why = cause instanceof Error ? cause.message : '';
    throw new MosaicError('bad_request', `This schedule cannot be used: ${why}`, { cause });
  }
}

interface Timing {
  readonly pattern: string | undefined;
  readonly everyMs: number | undefined;
  readonly timeZone: string | undefined;
}

function assertUsable(definition: JobDefinition, { pattern, everyMs, timeZone }: Timing): void {
  const refuse = (why: string) => {
    throw new MosaicError('bad_request', why);
  };
  if ((pattern === undefined) === (everyMs === undefined)) {
    refuse('A schedule needs either a cron `pattern` or `everyMs`.');
  }
  if (timeZone !== undefined && !isTimeZone(timeZone)) {
    refuse(`"${timeZone}" is not a time zone; one is "Europe/Rome".`);
  }
  if (!definition.payload.safeParse({}).success) {
    refuse(`The job "${definition.name}" works on one conversation; it cannot run by the clock.`);
  }
}

function isTimeZone(name: string): boolean {
  try {
    return new Intl.DateTimeFormat('en', { timeZone: name }) !== undefined;
  } catch {
    return false;
  }
}

type ScheduleOperations = Pick<Queues, 'schedules' | 'putSchedule' | 'removeSchedule'>;

/** Listing and changing schedules, for administrators. */
export function scheduleOperations(
  queues: ReadonlyMap<string, Queue>,
  options: ScheduleOptions & { readonly definitions: readonly JobDefinition[] },
): ScheduleOperations {
  const definitionOf = (name: string): JobDefinition => {
    const definition = options.definitions.find((one) => one.name === name);
    if (definition !== undefined) return definition;
    const names = options.definitions.map((one) => one.name).join(', ');
    throw new MosaicError('bad_request', `There is no job "${name}". Jobs: ${names}.`);
  };
  return {
    async schedules() {
      const all = await Promise.all(
        [...queues].map(async ([name, queue]) =>
          (await queue.getJobSchedulers()).map((one) => scheduleView(name, one)),
        ),
      );
      return all.flat();
    },
    async putSchedule({ id, job, pattern, everyMs, timeZone }) {
      const definition = definitionOf(job);
      assertUsable(definition, { pattern, everyMs, timeZone });
      const when =
        pattern === undefined ? { every: everyMs ?? 0 } : { pattern, tz: timeZone ?? 'UTC' };
      await upsertSchedule(definition, { id, when }, options);
      // A schedule that changed to a job of another queue must not go on in the old one too.
      const others = [...queues].filter(([name]) => name !== definition.queue);
      await Promise.all(others.map(([, queue]) => queue.removeJobScheduler(id)));
      const stored = await options.queueOf(definition.queue).getJobScheduler(id);
      if (stored === undefined) throw new MosaicError('internal');
      return scheduleView(definition.queue, stored);
    },
    async removeSchedule(id) {
      const removed = await Promise.all(
        [...queues.values()].map((queue) => queue.removeJobScheduler(id)),
      );
      return removed.some(Boolean);
    },
  };
}
