import type { Schedule } from '@mosaic/proto';

/** What the queue knows of a schedule, in its own words. */
export interface RawSchedule {
  readonly key: string;
  readonly name: string;
  readonly pattern?: string;
  readonly every?: number;
  readonly tz?: string;
  readonly next?: number;
}

export function scheduleView(queue: string, raw: RawSchedule): Schedule {
  return {
    id: raw.key,
    queue,
    job: raw.name,
    pattern: raw.pattern ?? null,
    everyMs: raw.every === undefined ? null : Number(raw.every),
    timeZone: raw.tz ?? null,
    nextAt: raw.next === undefined ? null : new Date(raw.next).toISOString(),
  };
}
