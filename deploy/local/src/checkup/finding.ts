/** One line of the doctor. `missing` keeps Mosaic from starting; `advice` does not. */
export interface Finding {
  readonly check: string;
  readonly state: 'ok' | 'advice' | 'missing';
  readonly sentence: string;
  /** What to do; absent when all is well. */
  readonly fix?: string;
}

/** A finding that all is well. */
export function fine(check: string, sentence: string): Finding {
  return { check, state: 'ok', sentence };
}
