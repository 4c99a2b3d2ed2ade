/** Looks at one open stream; `wasLate` says that this process itself stood still before. */
export type Sweep = (now: number, wasLate: boolean) => void;

/**
 * One timer for all open streams of a bus, running only while there is one. After the process stood
 * still (a long computation, a suspended laptop) timers fire before the messages that wait in the
 * socket are read: nobody may be given up on at that moment.
 */
export class Sweeper {
  readonly #intervalMs: number;
  readonly #items = new Set<Sweep>();
  #timer: NodeJS.Timeout | undefined;
  #lastAt = 0;

  constructor(intervalMs: number) {
    this.#intervalMs = intervalMs;
  }

  add(item: Sweep): () => void {
    this.#items.add(item);
    if (this.#timer === undefined) {
      this.#lastAt = performance.now();
      this.#timer = setInterval(() => this.#sweep(), this.#intervalMs);
    }
    return () => this.#remove(item);
  }

  #remove(item: Sweep): void {
    this.#items.delete(item);
    if (this.#items.size > 0) return;
    clearInterval(this.#timer);
    this.#timer = undefined;
  }

  #sweep(): void {
    const now = performance.now();
    const wasLate = now - this.#lastAt > 2 * this.#intervalMs;
    this.#lastAt = now;
    for (const item of this.#items) item(now, wasLate);
  }
}
