import type { Latency, ModelRef } from '@mosaic/proto';

interface Timings {
  readonly firstTokenMs: number | null;
  readonly totalMs: number;
}

/** Enough for a steady median, and few enough that a vendor's bad hour is seen. */
const keptCalls = 32;
/** More models than anybody uses; a vendor could name others without end. */
const keptModels = 1_000;

interface Kept {
  readonly timings: Timings[];
  median: Latency;
}

/** Keeps how long the last calls of each model took. */
export function keepLatencies() {
  const models = new Map<string, Kept>();
  return {
    note(ref: ModelRef, timings: Timings): void {
      const key = keyOf(ref);
      const earlier = models.get(key)?.timings ?? [];
      if (earlier.length === 0 && models.size >= keptModels) return;
      const last = [...earlier, timings].slice(-keptCalls);
      models.set(key, { timings: last, median: medianOf(last) });
    },
    of: (ref: ModelRef): Latency | null => models.get(keyOf(ref))?.median ?? null,
  };
}

/** Vendors answer under a dated name (`claude-haiku-4-5-20251001`) where one asks without the date. */
function keyOf({ model, provider }: ModelRef): string {
  return `${provider}/${model.replace(/-20\d{2}-?\d{2}-?\d{2}$/, '')}`;
}

function medianOf(timings: readonly Timings[]): Latency {
  const first = timings.flatMap(({ firstTokenMs }) => firstTokenMs ?? []);
  const totals = timings.map(({ totalMs }) => totalMs);
  return {
    firstTokenMs: first.length === 0 ? null : middle(first),
    totalMs: middle(totals),
    calls: timings.length,
  };
}

function middle(values: readonly number[]): number {
  const sorted = values.toSorted((left, right) => left - right);
  return Math.round(sorted[Math.floor(sorted.length / 2)] ?? 0);
}
