/** Counts what is being handled, so that a drain can wait for it (the client's own drain doesn't). */
export class WorkTracker {
  readonly #hardStop = new AbortController();
  readonly #waiting = new Set<() => void>();
  #count = 0;

  get inFlight(): number {
    return this.#count;
  }

  /** Aborts when running work must end at once. */
  get hardStop(): AbortSignal {
    return this.#hardStop.signal;
  }

  stopHard(reason: Error): void {
    this.#hardStop.abort(reason);
  }

  /** Counts one piece of work until it settles; `work` must never reject. */
  track(work: Promise<void>): void {
    this.#count += 1;
    void work.finally(() => {
      this.#count -= 1;
      if (this.#count === 0) for (const wake of this.#waiting) wake();
    });
  }

  /** True when nothing is in flight any more, false when `timeoutMs` passed before. */
  async whenIdle(timeoutMs: number): Promise<boolean> {
    if (this.#count === 0) return true;
    const { promise, resolve } = Promise.withResolvers<boolean>();
    const wake = () => resolve(true);
    const timer = setTimeout(() => resolve(false), timeoutMs);
    this.#waiting.add(wake);
    const isIdle = await promise;
    clearTimeout(timer);
    this.#waiting.delete(wake);
    return isIdle;
  }
}
