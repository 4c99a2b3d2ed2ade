import { MosaicError } from '@mosaic/proto';

export interface AttemptLimit {
  readonly most: number;
  readonly windowMs: number;
  /** What somebody hears who is over it. */
  readonly sentence: string;
}

/** Against guessing one account's password. */
export const signInLimit: AttemptLimit = {
  most: 10,
  windowMs: 300_000,
  sentence: 'Too many failed sign-ins; wait five minutes.',
};

/** Against filling the database with accounts; a proxy in front may be everybody's address. */
export const signUpLimit: AttemptLimit = {
  most: 100,
  windowMs: 600_000,
  sentence: 'Too many new accounts; wait ten minutes.',
};

const maxKept = 10_000;

/** Counts what somebody tries lately, each by a name such as an e-mail address. */
export class Attempts {
  readonly #limit: AttemptLimit;
  readonly #tried = new Map<string, readonly number[]>();

  constructor(limit: AttemptLimit) {
    this.#limit = limit;
  }

  /**
   * Counts one before it is tried: of many at the same moment none would have failed yet. Throws
   * rate_limited when there were too many.
   */
  take(name: string, nowMs: number): void {
    const { most, sentence } = this.#limit;
    const recent = this.#recent(name, nowMs);
    if (recent.length >= most) throw new MosaicError('rate_limited', sentence);
    this.#keep(name, [...recent, nowMs]);
  }

  /** One that was taken at that time was no failure. */
  giveBack(name: string, takenMs: number): void {
    const recent = this.#recent(name, takenMs);
    this.#keep(
      name,
      recent.filter((_, index) => index !== recent.indexOf(takenMs)),
    );
  }

  #recent(name: string, nowMs: number): readonly number[] {
    const all = this.#tried.get(name.toLowerCase()) ?? [];
    return all.filter((at) => nowMs - at < this.#limit.windowMs);
  }

  #keep(name: string, times: readonly number[]): void {
    const key = name.toLowerCase();
    this.#tried.delete(key);
    if (times.length > 0) this.#tried.set(key, times);
    const oldest = this.#tried.keys().next().value;
    if (this.#tried.size > maxKept && oldest !== undefined) this.#tried.delete(oldest);
  }
}
