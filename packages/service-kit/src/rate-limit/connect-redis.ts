import { Redis } from 'ioredis';
import type { RateLimiterOptions } from './port.ts';

/** A Redis that keeps silent for longer than this is left, as if it were gone. */
const silenceMs = 1_000;
const longestRetryMs = 2_000;

/** Connects in the background, again and again; says in the log when Redis goes and when it comes. */
export function connectRedis(url: string, log: RateLimiterOptions['log']) {
  const client = new Redis(url, {
    lazyConnect: true,
    // Nobody waits for a Redis that is away.
    enableOfflineQueue: false,
    maxRetriesPerRequest: 0,
    connectTimeout: silenceMs,
    socketTimeout: silenceMs,
    retryStrategy: (attempt) => Math.min(longestRetryMs, 100 * 2 ** Math.min(attempt, 10)),
  });
  let isAway = false;
  client.on('error', (err) => {
    if (!isAway) log.warn({ err }, 'Redis is away: rate limits are counted per process');
    isAway = true;
  });
  client.on('ready', () => {
    if (isAway) log.info('Redis is back: rate limits are counted together again');
    isAway = false;
  });
  // Calls made before the first attempt has ended wait for it: at a start Redis is usually there.
  const firstAttempt = client.connect().catch(() => undefined);
  return {
    client,
    async isReady() {
      await firstAttempt;
      return client.status === 'ready';
    },
  };
}
