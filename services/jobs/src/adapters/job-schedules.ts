import { MosaicError } from '@mosaic/proto';
import type { Queue } from 'bullmq';
import type { JobDefinition } from '../app/job-definition.ts';
import { scheduleView } from '../app/schedule-view.ts';
import { retryOptions } from './job-options.ts';
import type { Queues } from './queues.ts';

export interface ScheduleOptions {
  readonly queueOf: (name: string) => Queue;
  readonly backoffMs: number;
}

/** A schedule that an administrator changed or that exists is left as it is. */
export async function addMissingSchedules(
  definitions: readonly JobDefinition[],
  options: ScheduleOptions,
): Promise<void> {
  for (const definition of definitions) {
    if (definition.cron === undefined) continue;
    const queue = options.queueOf(definition.queue);
    if ((await queue.getJobScheduler(definition.name)) !== undefined) continue;
    const when = { pattern: definition.cron, tz: 'UTC' };
    await upsertSchedule(definition, { id: definition.name, when }, options);
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
    const why = cause instanceof Error ? cause.message : '';
    throw new MosaicError('bad_request', `This schedule cannot be used: ${why}`, { cause });
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
      if (pattern === undefined && everyMs === undefined) {
        throw new MosaicError('bad_request', 'A schedule needs a cron `pattern` or `everyMs`.');
      }
      const when =
        pattern === undefined ? { every: everyMs ?? 0 } : { pattern, tz: timeZone ?? 'UTC' };
      await upsertSchedule(definition, { id, when }, options);
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
