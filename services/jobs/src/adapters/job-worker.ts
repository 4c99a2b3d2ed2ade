import { MosaicError } from '@mosaic/proto';
import { type Job as BullJob, Worker } from 'bullmq';
import type { JobDefinition, JobPorts } from '../app/job-definition.ts';
import type { QueuesOptions } from './queues.ts';

/** A job whose worker died runs again after about this long (BullMQ's 30 s defaults measured 61 s). */
const lockMs = 10_000;
const stalledCheckMs = 5_000;

/** Starts working through one queue. */
export function startWorker(name: string, options: QueuesOptions): Worker {
  const { redisUrl, definitions, ports, log } = options;
  const worker = new Worker(name, (job) => runJob(job, definitions, ports), {
    connection: { url: redisUrl, maxRetriesPerRequest: null },
    concurrency: name === 'maintenance' ? 1 : 8,
    lockDuration: lockMs,
    stalledInterval: stalledCheckMs,
    maxStalledCount: 2,
  });
  worker.on('error', (error) => log.warn({ err: error, queue: name }, 'worker not connected'));
  worker.on('failed', (job, error) => {
    const { id, attemptsMade } = job ?? {};
    log.warn({ queue: name, job: job?.name, id, attemptsMade, err: error }, 'job failed');
  });
  return worker;
}

/** Runs one attempt and leaves a line about it in the job's log, whatever comes of it. */
async function runJob(
  job: BullJob,
  definitions: readonly JobDefinition[],
  ports: JobPorts,
): Promise<string> {
  const at = new Date(ports.nowMs()).toISOString();
  const attempt = `${at} attempt ${job.attemptsMade + 1} of ${job.opts.attempts ?? 1}`;
  try {
    const definition = definitions.find((one) => one.name === job.name);
    if (definition === undefined) throw new MosaicError('not_found', `No job "${job.name}" here.`);
    const done = await definition.run(definition.payload.parse(job.data), ports);
    await job.log(`${attempt}: ${done}`);
    return done;
  } catch (thrown) {
    const why = thrown instanceof Error ? thrown.message : 'unknown';
    await job.log(`${attempt} failed: ${why}`);
    throw thrown;
  }
}
