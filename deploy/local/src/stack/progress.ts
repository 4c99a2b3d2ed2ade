/** Tells the person who started Mosaic what is happening, one finished line at a time. */
export interface Progress {
  /** Safe to hand over as a callback. */
  readonly say: (sentence: string) => void;
  /** Runs one step and says its name and how long it took. */
  step<Result>(name: string, work: () => Promise<Result>): Promise<Result>;
}

/** One line of progress, as text for people and as data for programs. */
export type ProgressLine =
  | { readonly event: 'notice'; readonly sentence: string }
  | { readonly event: 'step'; readonly step: string; readonly tookMs: number };

/** A progress that hands each line over to `write`. */
export function reportProgress(write: (line: ProgressLine) => void): Progress {
  return {
    say: (sentence) => write({ event: 'notice', sentence }),
    async step(name, work) {
      const startedMs = performance.now();
      const result = await work();
      write({ event: 'step', step: name, tookMs: Math.round(performance.now() - startedMs) });
      return result;
    },
  };
}

/** A line as a person reads it. */
export function progressText(line: ProgressLine): string {
  if (line.event === 'notice') return `  · ${line.sentence}`;
  return `  ✓ ${line.step.padEnd(24)} ${(line.tookMs / 1000).toFixed(1)} s`;
}
