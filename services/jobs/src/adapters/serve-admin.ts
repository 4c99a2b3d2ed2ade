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
import { withinReach } from './within-reach.ts';

/** Answers administrators; the kit has already refused everybody else. */
export function serveAdmin(bus: Bus, queues: Queues): void {
  bus.handle(listJobs, async (filter) => {
    const asked = Promise.all([queues.counts(), queues.list(filter)]);
    const [counts, jobs] = await withinReach(asked);
    return { queues: counts, jobs };
  });
  bus.handle(getJob, async ({ queue, id }) => ({ job: await withinReach(queues.get(queue, id)) }));
  bus.handle(retryJob, async ({ queue, id }) => ({
    job: await withinReach(queues.retry(queue, id)),
  }));
  bus.handle(removeJob, async ({ queue, id }) => {
    await withinReach(queues.remove(queue, id));
    return { isRemoved: true };
  });
  bus.handle(setQueuePaused, async ({ queue, isPaused }) => {
    await withinReach(queues.setPaused(queue, isPaused));
    return { isPaused };
  });
  bus.handle(listSchedules, async () => ({ schedules: await withinReach(queues.schedules()) }));
  bus.handle(putSchedule, async (schedule) => ({
    schedule: await withinReach(queues.putSchedule(schedule)),
  }));
  bus.handle(removeSchedule, async ({ id }) => ({
    isRemoved: await withinReach(queues.removeSchedule(id)),
  }));
}
