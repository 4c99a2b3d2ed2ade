import { MosaicError } from '@mosaic/proto';

/** Longest wait for Redis: a queue that never connected waits for it without an end. */
const reachMs = 3_000;
/** At the start nobody waits for an answer, and a machine that starts all services at once is busy. */
export const startReachMs = 30_000;

/**
 * Waits for an operation on a queue. Throws service_unavailable when Redis is away; what was asked may
 * still happen when it comes back, so it must be harmless twice.
 */
export async function withinReach<Result>(
  operation: Promise<Result>,
  waitMs = reachMs,
): Promise<Result> {
  const { promise: late, reject } = Promise.withResolvers<never>();
  const timer = setTimeout(() => reject(unreachable()), waitMs);
  try {
    return await Promise.race([operation, late]);
  } catch (thrown) {
    throw thrown instanceof MosaicError ? thrown : unreachable(thrown);
  } finally {
    clearTimeout(timer);
  }
}

function unreachable(cause?: unknown): MosaicError {
  return new MosaicError('service_unavailable', 'The job queues (Redis) do not answer.', { cause });
}
