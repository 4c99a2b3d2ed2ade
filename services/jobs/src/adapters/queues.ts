import { type Job, MosaicError, type Schedule } from '@mosaic/proto';
import type { Logger } from '@mosaic/service-kit';
import { type Job as BullJob, type JobType, Queue } from 'bullmq';
import type { JobDefinition, JobPorts } from '../app/job-definition.ts';
import { jobView } from '../app/job-view.ts';
import { retryOptions } from './job-options.ts';
import { scheduleOperations, seedSchedules } from './job-schedules.ts';
import { startWorker } from './job-worker.ts';
import { removeJobsOf } from './remove-jobs.ts';
import { startReachMs, withinReach } from './within-reach.ts';

export const queueNames = ['conversations', 'maintenance'] as const;
const jobStates: readonly JobType[] = ['waiting', 'active', 'delayed', 'completed', 'failed'];

export interface QueuesOptions {
  readonly redisUrl: string;
  /** First wait after a failure; doubles with each further one, with a fifth of jitter. */
  readonly backoffMs: number;
  readonly definitions: readonly JobDefinition[];
  readonly ports: JobPorts;
  readonly log: Logger;
}

/** The queues as the rest of the service sees them; the only file that knows BullMQ. */
export interface Queues {
  /** Adds a job; the same `id` twice is one job as long as the first is remembered. */
  add(definition: JobDefinition, payload: object, id: string): Promise<void>;
  list(filter: {
    queue?: string | undefined;
    state?: string | undefined;
    limit: number;
  }): Promise<Job[]>;
  counts(): Promise<{ name: string; isPaused: boolean; counts: Record<string, number> }[]>;
  get(queue: string, id: string): Promise<Job>;
  retry(queue: string, id: string): Promise<Job>;
  remove(queue: string, id: string): Promise<void>;
  setPaused(queue: string, isPaused: boolean): Promise<void>;
  /** Removes all jobs of a person, finished ones too; answers how many. Throws conflict when one runs. */
  removeOf(userId: string): Promise<number>;
  schedules(): Promise<Schedule[]>;
  putSchedule(schedule: {
    id: string;
    job: string;
    pattern?: string | undefined;
    everyMs?: number | undefined;
    timeZone?: string | undefined;
  }): Promise<Schedule>;
  removeSchedule(id: string): Promise<boolean>;
  isReady(): Promise<boolean>;
  /** Takes no new jobs and lets the running ones finish for a while; they need the bus. */
  stopWorking(): Promise<void>;
  close(): Promise<void>;
}

/** A job that needs longer at a stop is taken up by another worker, or after the next start. */
const stopGraceMs = 10_000;

/** Opens the queues, starts their workers and puts missing schedules in place. */
export async function openQueues(options: QueuesOptions): Promise<Queues> {
  const queues = new Map<string, Queue>(queueNames.map((name) => [name, openQueue(name, options)]));
  const workers = queueNames.map((name) => startWorker(name, options));
  const queueOf = (name: string): Queue => {
    const queue = queues.get(name);
    if (queue !== undefined) return queue;
    const message = `There is no queue "${name}". Queues: ${queueNames.join(', ')}.`;
    throw new MosaicError('not_found', message);
  };
  const { definitions, backoffMs } = options;
  const seeding = seedSchedules(definitions, { queueOf, backoffMs, redisUrl: options.redisUrl });
  await withinReach(seeding, startReachMs);
  return {
    ...jobOperations(queues, queueOf),
    ...scheduleOperations(queues, { queueOf, backoffMs, definitions }),
    async add(definition, payload, id) {
      const retries = retryOptions(definition, backoffMs);
      const queue = queueOf(definition.queue);
      await withinReach(queue.add(definition.name, payload, { ...retries, jobId: id }));
    },
    removeOf: (userId) => withinReach(removeJobsOf([...queues.values()], userId)),
    async isReady() {
      const asked = [...queues.values()].map((queue) => queue.count());
      return withinReach(Promise.all(asked)).then(
        () => true,
        () => false,
      );
    },
    async stopWorking() {
      const closing = Promise.all(workers.map((worker) => worker.close()));
      const { promise: graceOver, resolve } = Promise.withResolvers<void>();
      const timer = setTimeout(resolve, stopGraceMs);
      await Promise.race([closing, graceOver]);
      clearTimeout(timer);
    },
    async close() {
      await Promise.all(workers.map((worker) => worker.close(true)));
      await Promise.all([...queues.values()].map((queue) => queue.close()));
    },
  };
}

type JobOperations = Pick<Queues, 'list' | 'counts' | 'get' | 'retry' | 'remove' | 'setPaused'>;

function jobOperations(
  queues: ReadonlyMap<string, Queue>,
  queueOf: (name: string) => Queue,
): JobOperations {
  const jobOf = async (queue: string, id: string): Promise<BullJob> => {
    const job = await queueOf(queue).getJob(id);
    if (job === undefined) throw new MosaicError('not_found', `There is no job ${id} in ${queue}.`);
    return job;
  };
  return {
    async list({ queue, state, limit }) {
      const chosen = queue === undefined ? [...queues.values()] : [queueOf(queue)];
      const states = jobStates.filter((one) => state === undefined || one === state);
      const found = await Promise.all(chosen.map((one) => viewsOf(one, { states, limit })));
      return found
        .flat()
        .sort((left, right) => right.createdAt.localeCompare(left.createdAt))
        .slice(0, limit);
    },
    counts: () =>
      Promise.all(
        [...queues].map(async ([name, queue]) => ({
          name,
          isPaused: await queue.isPaused(),
          counts: await queue.getJobCounts(),
        })),
      ),
    get: async (queue, id) => viewOf(queueOf(queue), await jobOf(queue, id)),
    async retry(queue, id) {
      const job = await jobOf(queue, id);
      if ((await job.getState()) !== 'failed') {
        throw new MosaicError('conflict', 'Only a failed job can be run again.');
      }
      await job.retry('failed', { resetAttemptsMade: true });
      return viewOf(queueOf(queue), await jobOf(queue, id));
    },
    async remove(queue, id) {
      const job = await jobOf(queue, id);
      if ((await job.getState()) === 'active') {
        throw new MosaicError('conflict', 'A job that is running cannot be removed.');
      }
      await job.remove();
    },
    async setPaused(queue, isPaused) {
      await (isPaused ? queueOf(queue).pause() : queueOf(queue).resume());
    },
  };
}

async function viewsOf(
  queue: Queue,
  filter: { readonly states: readonly JobType[]; readonly limit: number },
): Promise<Job[]> {
  const jobs = await queue.getJobs([...filter.states], 0, filter.limit - 1, false);
  // BullMQ types what it lists as its base class; the objects are jobs.
  return Promise.all(jobs.map((job) => viewOf(queue, job as BullJob)));
}

/** Producers fail at once when Redis is away: nothing that was promised may wait in this process. */
function openQueue(name: string, { redisUrl, log }: QueuesOptions): Queue {
  const queue = new Queue(name, {
    connection: { url: redisUrl, enableOfflineQueue: false, maxRetriesPerRequest: 1 },
    skipWaitingForReady: false,
  });
  queue.on('error', (error) => log.warn({ err: error, queue: name }, 'queue not reachable'));
  return queue;
}

async function viewOf(queue: Queue, job: BullJob): Promise<Job> {
  const { logs } = await queue.getJobLogs(job.id ?? '');
  return jobView({
    queue: queue.name,
    id: job.id ?? '',
    name: job.name,
    state: (await job.getState()) as Job['state'],
    data: job.data,
    attemptsMade: job.attemptsMade,
    attempts: job.opts.attempts ?? 1,
    delayMs: job.delay,
    failedReason: job.failedReason,
    log: logs,
    createdMs: job.timestamp,
    processedMs: job.processedOn,
    finishedMs: job.finishedOn,
  });
}
