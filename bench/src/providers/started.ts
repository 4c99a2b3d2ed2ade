/** What a measurement has started. It would outlive this process: an interrupt stops it as the end does. */
export class Started {
  readonly #stack = new AsyncDisposableStack();
  #stopping: Promise<void> | undefined;

  constructor() {
    for (const signal of ['SIGINT', 'SIGTERM'] as const) {
      process.once(signal, () => {
        this.#stopping ??= this.#stack.disposeAsync();
      });
    }
  }

  /** Waits for something that is being started. Throws when everything is being stopped already. */
  async keep<Value extends AsyncDisposable | undefined>(starting: Promise<Value>): Promise<Value> {
    const value = await starting;
    if (this.#stopping === undefined) return this.#stack.use(value);
    await value?.[Symbol.asyncDispose]();
    throw new Error('Interrupted.');
  }

  /** Does the work and stops everything. After an interrupt it only says so: what fails then has to. */
  async during(work: () => Promise<void>): Promise<void> {
    try {
      await work();
    } catch (thrown) {
      if (this.#stopping === undefined) throw thrown;
      console.error('Interrupted.');
      process.exitCode = 1;
    } finally {
      await (this.#stopping ?? this.#stack.disposeAsync());
    }
  }
}
