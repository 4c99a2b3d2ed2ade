import type { RateLimiter } from '@mosaic/service-kit';
import { type MinuteLimits, takeMinute } from './take-minute.ts';

/**
 * Says whether a vendor's key may be used now. A key without room is not an error for anybody: it is
 * left out for `waitMs`, and another key or the next candidate answers.
 */
export interface KeyAllowance {
  /** True: no key is held to anything. */
  readonly isUnlimited: boolean;
  /**
   * `keyId` names the key and is never the key itself: it is written to Redis. `tokens`: what the call
   * may read and write. Never rejects.
   */
  take(keyId: string, tokens: number): Promise<KeyTaking>;
}

export type KeyTaking =
  | { readonly isAllowed: true; settle(usedTokens: number): Promise<void> }
  | { readonly isAllowed: false; readonly waitMs: number };

/** Holds every key to the same limits, over all replicas; with none of them it asks nobody. */
export function makeKeyAllowance(limiter: RateLimiter, limits: MinuteLimits): KeyAllowance {
  return {
    isUnlimited: limits.requestsPerMinute === null && limits.tokensPerMinute === null,
    take: (keyId, tokens) => takeMinute(limiter, { subject: `key:${keyId}`, tokens, limits }),
  };
}
