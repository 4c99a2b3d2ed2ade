/** Where answers wait in their middle, until a test has seen what it wanted and lets them go on. */
export class Gate {
  #opening = Promise.withResolvers<void>();

  /** Resolves when the gate is opened next: taken when an answer begins, none comes too late for it. */
  get opened(): Promise<void> {
    return this.#opening.promise;
  }

  /** Lets every answer go on that has begun by now. */
  open(): void {
    this.#opening.resolve();
    this.#opening = Promise.withResolvers();
  }
}
