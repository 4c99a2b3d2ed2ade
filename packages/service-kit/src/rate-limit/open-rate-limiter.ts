import { RateLimiterMemory, RateLimiterRedis } from 'rate-limiter-flexible';
import { connectRedis } from './connect-redis.ts';
import type { RateLimiter, RateLimiterOptions, TakeWish, Taking } from './port.ts';

const minuteS = 60;
/** Closer to the end of a window than this, what is given back might fall into the next one. */
const marginMs = 500;
const keyPrefix = 'mosaic:rate';

/** What both stores of the library offer that is used here. */
type Counter = Pick<RateLimiterMemory, 'penalty' | 'reward'>;

/**
 * Opens a limiter that counts in Redis, for all replicas together. While Redis is away every process
 * counts in its own memory, which the log tells once.
 *
 * The library has such an insurance too, but does not say which store counted: what was taken from one
 * would be given back to the other, where it is a present.
 */
export function openRateLimiter({
  log,
  redisUrl,
  windowS = minuteS,
}: RateLimiterOptions): RateLimiter {
  const inMemory = new RateLimiterMemory({ points: 1, duration: windowS, keyPrefix });
  const redis = redisUrl === undefined ? undefined : connectRedis(redisUrl, log);
  const inRedis =
    redis &&
    new RateLimiterRedis({ storeClient: redis.client, points: 1, duration: windowS, keyPrefix });

  return {
    async take(wish) {
      if (inRedis !== undefined && (await redis?.isReady())) {
        const taking = await takeFrom(inRedis, wish).catch(() => undefined);
        if (taking !== undefined) return taking;
      }
      return takeFrom(inMemory, wish);
    },
    close: async () => redis?.client.disconnect(),
  };
}

async function takeFrom(counter: Counter, { key, limit, points }: TakeWish): Promise<Taking> {
  const taken = Math.min(Math.ceil(points), limit);
  const { consumedPoints, msBeforeNext } = await counter.penalty(key, taken);
  const endsAtMs = performance.now() + msBeforeNext - marginMs;
  const add = async (more: number) => {
    if (more > 0) await counter.penalty(key, more);
    else if (more < 0 && performance.now() < endsAtMs) await counter.reward(key, -more);
  };
  if (consumedPoints > limit) {
    // A counter that is gone for a moment corrects itself when its window ends.
    await add(-taken).catch(() => undefined);
    return { isAllowed: false, waitMs: Math.max(1, msBeforeNext) };
  }
  return {
    isAllowed: true,
    settle: (used) => add(Math.ceil(used) - taken).catch(() => undefined),
  };
}
