/** Counts what falls into slots, and forgets it when asked, without going over all of them. */
export class SlotTally {
  readonly #counts: Float64Array;
  readonly #touched: number[] = [];

  constructor(slots: number) {
    this.#counts = new Float64Array(slots);
  }

  add(slot: number, weight: number): void {
    const before = this.#counts[slot] ?? 0;
    if (before === 0) this.#touched.push(slot);
    this.#counts[slot] = before + weight;
  }

  /** Appends slots with damped counts, together `length` long, and starts anew. */
  flush(length: number, slots: number[], values: number[]): void {
    let sum = 0;
    for (const slot of this.#touched) {
      const count = damped(this.#counts[slot] ?? 0);
      this.#counts[slot] = count;
      sum += count * count;
    }
    const scale = length / Math.sqrt(sum);
    for (const slot of this.#touched) {
      slots.push(slot);
      values.push((this.#counts[slot] ?? 0) * scale);
      this.#counts[slot] = 0;
    }
    this.#touched.length = 0;
  }
}

/** Said twice is more than once, but not twice as much. */
function damped(count: number): number {
  return count <= 1 ? count : 1 + Math.log(count);
}
