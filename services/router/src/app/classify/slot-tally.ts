/** More than the features of the longest text that is looked at; a power of two. */
const room = 2 ** 14;

/**
 * Counts what falls into slots and makes a list of features of it. The counts stand in a small table
 * that stays in the processor's cache, found by the slot's low bits: an array with a place for each
 * slot is a megabyte, and reaching into it was a tenth of a decision.
 */
export class SlotTally {
  /** The slot at each place plus one, or 0 where none is. */
  readonly #slotAt = new Int32Array(room);
  readonly #counts = new Float64Array(room);
  /** Taken places, in the order in which their slots came. */
  readonly #places = new Int32Array(room);
  #taken = 0;
  readonly #slots = new Int32Array(room);
  readonly #values = new Float64Array(room);
  #length = 0;

  add(slot: number, weight: number): void {
    const place = this.#placeOf(slot);
    if (this.#slotAt[place] === 0) {
      this.#slotAt[place] = slot + 1;
      this.#places[this.#taken] = place;
      this.#taken += 1;
    }
    this.#counts[place] = (this.#counts[place] ?? 0) + weight;
  }

  #placeOf(slot: number): number {
    let place = slot & (room - 1);
    while (this.#slotAt[place] !== 0 && this.#slotAt[place] !== slot + 1) {
      place = (place + 1) & (room - 1);
    }
    return place;
  }

  /** Makes features of the slots with damped counts, together `length` long, and counts anew. */
  flush(length: number): void {
    let sum = 0;
    for (let at = 0; at < this.#taken; at += 1) {
      const place = this.#places[at] ?? 0;
      const count = damped(this.#counts[place] ?? 0);
      this.#counts[place] = count;
      sum += count * count;
    }
    const scale = length / Math.sqrt(sum);
    for (let at = 0; at < this.#taken; at += 1) {
      const place = this.#places[at] ?? 0;
      this.#push((this.#slotAt[place] ?? 0) - 1, (this.#counts[place] ?? 0) * scale);
      this.#slotAt[place] = 0;
      this.#counts[place] = 0;
    }
    this.#taken = 0;
  }

  /** Features that nothing is counted of, in slots one after the other. */
  append(from: number, values: Float64Array | null): void {
    for (const [at, value] of values?.entries() ?? []) this.#push(from + at, value);
  }

  #push(slot: number, value: number): void {
    this.#slots[this.#length] = slot;
    this.#values[this.#length] = value;
    this.#length += 1;
  }

  /** All features since the last time. */
  take(): { readonly slots: Int32Array; readonly values: Float64Array } {
    const taken = {
      slots: this.#slots.slice(0, this.#length),
      values: this.#values.slice(0, this.#length),
    };
    this.#length = 0;
    return taken;
  }
}

/** Said twice is more than once, but not twice as much. */
function damped(count: number): number {
  return count <= 1 ? count : 1 + Math.log(count);
}
