import { MosaicError } from '@mosaic/proto';
import type { JobType, Queue } from 'bullmq';
import { z } from 'zod';

const allStates: readonly JobType[] = [
  'waiting',
  'active',
  'delayed',
  'prioritized',
  'completed',
  'failed',
];
const ofSomebody = z.object({ caller: z.object({ userId: z.string() }) });

/** Removes every job that runs on behalf of a person. Throws conflict when one of them runs now. */
export async function removeJobsOf(queues: readonly Queue[], userId: string): Promise<number> {
  let removed = 0;
  let isBusy = false;
  for (const queue of queues) {
    for (const job of await queue.getJobs([...allStates])) {
      const data = ofSomebody.safeParse(job.data);
      if (!data.success || data.data.caller.userId !== userId) continue;
      // A job that runs is locked; it ends, and the deletion is tried again.
      const isRemoved = await job.remove().then(
        () => true,
        () => false,
      );
      if (isRemoved) removed += 1;
      else isBusy = true;
    }
    // What happened to jobs, their removal too, is told under their ids, which name the person. Nobody
    // here listens to it; and BullMQ's own trimming leaves the last hundred.
    const client = await queue.backend.client;
    await client.del(queue.keys['events'] ?? '');
  }
  if (isBusy) throw new MosaicError('conflict', 'A job of this person runs now.');
  return removed;
}
