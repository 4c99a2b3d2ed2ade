import type { ProviderName } from '@mosaic/proto';
import type { Timers } from '../vendor/vendor-port.ts';

/**
 * How many requests to a vendor may be second ones. In any minute at most a fifth of that minute's
 * calls, so that a vendor that refuses everything gets at most 1.2 requests per call.
 */
export interface RetryBudget {
  /** A call makes its first request to this vendor. */
  countCall(provider: ProviderName): void;
  /** True when a call may make a further one; that is counted then. */
  takeRetry(provider: ProviderName): boolean;
}

const slotMs = 1_000;
const slots = 60;
const share = 0.2;
/**
 * So many are allowed however few calls there were: a lonely call may try again. In a minute with
 * fewer than ten calls a vendor can therefore get more than 1.2 requests per call, but never more
 * than two extra ones. Per replica, as the rest: replicas do not count together.
 */
const floor = 2;

interface Counts {
  calls: number;
  retries: number;
}

/**
 * A sliding minute instead of a bucket of tokens: a bucket adds its floor to the fifth, and what it
 * saved up in quiet hours is spent in the first seconds of a storm.
 */
export function makeRetryBudget({ now }: Pick<Timers, 'now'>): RetryBudget {
  const vendors = new Map<ProviderName, Map<number, Counts>>();

  const slotOf = (provider: ProviderName) => {
    const current = Math.floor(now() / slotMs);
    const counts = vendors.get(provider) ?? new Map<number, Counts>();
    vendors.set(provider, counts);
    for (const slot of counts.keys()) {
      if (slot <= current - slots || slot > current) counts.delete(slot);
    }
    const here = counts.get(current) ?? { calls: 0, retries: 0 };
    counts.set(current, here);
    return { here, all: [...counts.values()] };
  };

  return {
    countCall(provider) {
      slotOf(provider).here.calls += 1;
    },
    takeRetry(provider) {
      const { here, all } = slotOf(provider);
      const calls = all.reduce((sum, one) => sum + one.calls, 0);
      const retries = all.reduce((sum, one) => sum + one.retries, 0);
      if (retries + 1 > Math.max(floor, share * calls)) return false;
      here.retries += 1;
      return true;
    },
  };
}
