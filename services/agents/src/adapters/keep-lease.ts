import type { Bus, Lease } from '@mosaic/service-kit';

/**
 * Takes a lease and, when it could not be renewed in time, takes it again unless somebody else has it
 * meanwhile. A process that stood still or had too little CPU goes on with its turns this way; whether
 * they are still its own is for the fence of the log to say. On two starved cores 451 of 500 turns began
 * again without it, each of them work done twice.
 */
export async function keepLease(
  bus: Pick<Bus, 'tryLease'>,
  bucket: string,
  key: string,
): Promise<Lease | undefined> {
  const first = await bus.tryLease(bucket, key);
  if (first === undefined) return undefined;
  const lost = new AbortController();
  let current = first;
  let isReleased = false;
  const takeAgain = async () => {
    const again = await bus.tryLease(bucket, key).catch(() => undefined);
    if (again === undefined) return lost.abort(current.lost.reason);
    current = again;
    if (isReleased) return again.release();
    watch();
  };
  const watch = () => {
    current.lost.addEventListener('abort', () => isReleased || void takeAgain(), { once: true });
  };
  watch();
  return {
    lost: lost.signal,
    release() {
      isReleased = true;
      return current.release();
    },
  };
}
