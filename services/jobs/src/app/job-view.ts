import type { Job } from '@mosaic/proto';

/** What the queue knows of a job, in its own words. */
export interface RawJob {
  readonly queue: string;
  readonly id: string;
  readonly name: string;
  readonly state: Job['state'];
  readonly data: unknown;
  readonly attemptsMade: number;
  readonly attempts: number;
  readonly delayMs: number;
  readonly failedReason: string | undefined;
  readonly log: readonly string[];
  readonly createdMs: number;
  readonly processedMs: number | undefined;
  readonly finishedMs: number | undefined;
}

/** A job as administrators see it: who it is for, but never the caller's signature. */
export function jobView(raw: RawJob): Job {
  return {
    queue: raw.queue,
    id: raw.id,
    name: raw.name,
    state: raw.state,
    data: withoutToken(raw.data),
    attemptsMade: raw.attemptsMade,
    attempts: raw.attempts,
    delayMs: raw.state === 'delayed' ? raw.delayMs : null,
    failedReason: raw.failedReason ?? null,
    log: [...raw.log],
    createdAt: instant(raw.createdMs) ?? new Date(0).toISOString(),
    processedAt: instant(raw.processedMs),
    finishedAt: instant(raw.finishedMs),
  };
}

function instant(ms: number | undefined): string | null {
  return ms === undefined ? null : new Date(ms).toISOString();
}

function withoutToken(data: unknown): Record<string, unknown> {
  if (typeof data !== 'object' || data === null) return {};
  const { caller, ...rest } = data as Record<string, unknown>;
  if (typeof caller !== 'object' || caller === null) return rest;
  const { userId } = caller as Record<string, unknown>;
  return { ...rest, userId };
}
