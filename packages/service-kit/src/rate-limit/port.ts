import type { Logger } from '../runtime/create-logger.ts';

/** What came of taking: allowed with a way to correct the amount, or how long to wait. */
export type Taking =
  | {
      readonly isAllowed: true;
      /**
       * Adds points that were used beyond those taken, or gives back (negative) those that were not.
       * What was taken in a window that is over can't be given back any more. Never rejects.
       */
      adjust(points: number): Promise<void>;
    }
  | { readonly isAllowed: false; readonly waitMs: number };

export interface TakeWish {
  /** Whose points: what is counted and for whom, such as `user-requests:<id>`. */
  readonly key: string;
  readonly points: number;
  /** Points per window; more than that at once is allowed to who has taken none yet. */
  readonly limit: number;
}

/** Counts points per key in windows of fixed length, which begin with the first taking. */
export interface RateLimiter {
  /** Takes all points or none. Never rejects: without Redis each process counts for itself. */
  take(wish: TakeWish): Promise<Taking>;
  close(): Promise<void>;
}

export interface RateLimiterOptions {
  /** Without it each process counts for itself from the start. */
  readonly redisUrl: string | undefined;
  readonly log: Pick<Logger, 'info' | 'warn'>;
  /** Length of a window in seconds; 60 when not given. */
  readonly windowS?: number;
}
