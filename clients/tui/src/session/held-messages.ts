/**
 * What a person wrote while an answer was running and did not want to steer it with. It waits here and
 * not at the server, so that it can be taken back; it is sent, one by one, when the turn has ended.
 */
export class HeldMessages {
  #texts: readonly string[] = [];

  get texts(): readonly string[] {
    return this.#texts;
  }

  add(text: string): void {
    this.#texts = [...this.#texts, text];
  }

  /** The oldest, to be sent now. */
  takeFirst(): string | undefined {
    const [first, ...rest] = this.#texts;
    this.#texts = rest;
    return first;
  }

  /** The newest, to be written anew. */
  takeLast(): string | undefined {
    const last = this.#texts.at(-1);
    this.#texts = this.#texts.slice(0, -1);
    return last;
  }

  /** All of them as one text; '' when there are none. */
  takeAll(): string {
    const all = this.#texts.join('\n\n');
    this.#texts = [];
    return all;
  }
}
