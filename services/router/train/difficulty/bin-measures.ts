import { measureCount } from '../../src/app/classify/difficulty/measures.ts';

/** Measures of many rows as steps: which of a few thresholds each value is above. */
export interface Binned {
  /** For each measure the step of each row. */
  readonly columns: readonly Uint8Array[];
  /** For each measure its thresholds, rising; a value above the n-th is in step n + 1 or higher. */
  readonly thresholds: readonly (readonly number[])[];
}

const mostSteps = 48;

/** Puts every measure into steps that hold about as many rows each. */
export function binned(rows: readonly Float32Array[]): Binned {
  const thresholds = Array.from({ length: measureCount }, (_, measure) =>
    thresholdsOf(Float32Array.from(rows, (row) => row[measure] ?? 0).sort()),
  );
  const columns = thresholds.map((all, measure) =>
    Uint8Array.from(rows, (row) => stepOf(row[measure] ?? 0, all)),
  );
  return { columns, thresholds };
}

function thresholdsOf(sorted: Float32Array): number[] {
  const cuts = new Set<number>();
  for (let step = 1; step < mostSteps; step += 1) {
    const at = Math.floor((step * sorted.length) / mostSteps);
    const [below = 0, above = 0] = [sorted[at - 1], sorted[at]];
    if (above > below) cuts.add(Math.fround((below + above) / 2));
    else cuts.add(above);
  }
  return [...cuts].sort((left, right) => left - right);
}

function stepOf(value: number, thresholds: readonly number[]): number {
  const above = thresholds.findIndex((threshold) => value <= threshold);
  return above === -1 ? thresholds.length : above;
}
