import { MosaicError } from '@mosaic/proto';

/** Messages that one person may send at once, and what comes back per second. */
const burst = 120;
const perSecond = 4;
const maxKept = 10_000;

/** A generous limit on messages per person, against loops that run away. */
export class SendAllowance {
  readonly #left = new Map<string, { readonly left: number; readonly atMs: number }>();

  /** Takes one. Throws rate_limited when there is none left. */
  take(userId: string, nowMs: number): void {
    const known = this.#left.get(userId) ?? { left: burst, atMs: nowMs };
    const regained = ((nowMs - known.atMs) / 1_000) * perSecond;
    const left = Math.min(burst, known.left + regained);
    if (left < 1) {
      throw new MosaicError('rate_limited', 'Too many messages at once; wait a second.');
    }
    if (this.#left.size >= maxKept) this.#left.clear();
    this.#left.set(userId, { left: left - 1, atMs: nowMs });
  }
}
