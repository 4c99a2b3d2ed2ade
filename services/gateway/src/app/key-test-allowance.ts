import { MosaicError } from '@mosaic/proto';

/** Keys that one person may have tested at once, and how long one more takes to come back. */
const burst = 24;
const regainMs = 10_000;
const maxKept = 10_000;

/** A limit on tests of vendor keys per person: nobody shall try out a list of found keys from here. */
export class KeyTestAllowance {
  readonly #left = new Map<string, { readonly left: number; readonly atMs: number }>();

  /** Takes so many. Throws rate_limited when there are not so many left. */
  take(userId: string, count: number, nowMs: number): void {
    const known = this.#left.get(userId) ?? { left: burst, atMs: nowMs };
    const left = Math.min(burst, known.left + (nowMs - known.atMs) / regainMs);
    if (left < count) {
      throw new MosaicError('rate_limited', 'Too many keys were tested lately; wait a minute.');
    }
    if (this.#left.size >= maxKept) this.#left.clear();
    this.#left.set(userId, { left: left - count, atMs: nowMs });
  }
}
