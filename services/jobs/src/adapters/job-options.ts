import type { JobDefinition } from '../app/job-definition.ts';

/** Finished jobs are kept this long (seconds, number) for administrators. */
const keepCompleted = { age: 7 * 86_400, count: 1_000 };
const keepFailed = { age: 30 * 86_400, count: 5_000 };

/** Waits of a failing job: doubling from `backoffMs`, with a fifth of jitter. */
export function retryOptions(definition: JobDefinition, backoffMs: number) {
  return {
    attempts: definition.attempts,
    backoff: { type: 'exponential', delay: backoffMs, jitter: 0.2 },
    removeOnComplete: keepCompleted,
    removeOnFail: keepFailed,
  };
}
