import {
  getJob,
  listJobs,
  listSchedules,
  putSchedule,
  removeJob,
  removeSchedule,
  retryJob,
  setQueuePaused,
} from '@mosaic/proto';
import type { Bus } from '@mosaic/service-kit';
import type { Queues } from './queues.ts';

/** Answers administrators; the kit has already refused everybody else. */
export function serveAdmin(bus: Bus, queues: Queues): void {
  bus.handle(listJobs, async (filter) => ({
    queues: await queues.counts(),
    jobs: await queues.list(filter),
  }));
  bus.handle(getJob, async ({ queue, id }) => ({ job: await queues.get(queue, id) }));
  bus.handle(retryJob, async ({ queue, id }) => ({ job: await queues.retry(queue, id) }));
  bus.handle(removeJob, async ({ queue, id }) => {
    await queues.remove(queue, id);
    return { isRemoved: true };
  });
  bus.handle(setQueuePaused, async ({ queue, isPaused }) => {
    await queues.setPaused(queue, isPaused);
    return { isPaused };
  });
  bus.handle(listSchedules, async () => ({ schedules: await queues.schedules() }));
  bus.handle(putSchedule, async (schedule) => ({ schedule: await queues.putSchedule(schedule) }));
  bus.handle(removeSchedule, async ({ id }) => ({ isRemoved: await queues.removeSchedule(id) }));
}
