import type { Logger } from '../runtime/create-logger.ts';

/** What came of taking: allowed, with a way to correct the amount, or how long to wait. */
export type Taking =
  | {
      readonly isAllowed: true;
      /**
       * Corrects the taking to what was really used. Used beyond it counts in the window that runs
       * now; what was left of a window that is over is lost. Once for each taking; never rejects.
       */
      settle(usedPoints: number): Promise<void>;
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
