import { MosaicError } from '@mosaic/proto';

const windowMs = 300_000;
const maxFailures = 10;
const maxKept = 10_000;

/** Slows down the guessing of one account's password: ten failures in five minutes. */
export class SignInAttempts {
  readonly #failures = new Map<string, readonly number[]>();

  /** Throws rate_limited when this address has failed too often lately. */
  assertAllowed(email: string, nowMs: number): void {
    if (this.#recent(email, nowMs).length < maxFailures) return;
    throw new MosaicError('rate_limited', 'Too many failed sign-ins; wait five minutes.');
  }

  noteFailure(email: string, nowMs: number): void {
    if (this.#failures.size >= maxKept) this.#failures.clear();
    this.#failures.set(email.toLowerCase(), [...this.#recent(email, nowMs), nowMs]);
  }

  #recent(email: string, nowMs: number): readonly number[] {
    const all = this.#failures.get(email.toLowerCase()) ?? [];
    return all.filter((at) => nowMs - at < windowMs);
  }
}
