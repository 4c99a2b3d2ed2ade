import {
  busHeaders,
  type Failure,
  MosaicError,
  type PartOf,
  type StreamContract,
  toFailure,
} from '@mosaic/proto';
import type { Msg } from '@nats-io/transport-node';
import { isNoResponders } from '../connection/reply-inbox.ts';
import { checked, decoded } from '../message/codec.ts';
import { errorFrom } from '../message/error-reply.ts';
import { headerOf } from '../message/headers.ts';
import type { PartKind } from './part-writer.ts';

/**
 * Puts the messages of one stream in front of its reader as parts, of which exactly the last is
 * terminal: the server's own, or one made from whatever went wrong on the way.
 */
export class PartReader<C extends StreamContract> {
  readonly #contract: C;
  readonly #ready: PartOf<C>[] = [];
  #number = 0;
  #hasParts = false;
  #hasEnded = false;
  #isOver = false;
  #gaveUp: MosaicError | undefined;
  #wake = () => {};
  /** When something was heard last, on the clock of `performance.now()`. */
  heardAt = performance.now();

  constructor(contract: C) {
    this.#contract = contract;
  }

  /** True when the server itself ended the stream, so that nobody needs to cancel it. */
  get isOver(): boolean {
    return this.#isOver;
  }

  get hasEnded(): boolean {
    return this.#hasEnded;
  }

  /** The next part that is there, or undefined. */
  take(): PartOf<C> | undefined {
    return this.#ready.shift();
  }

  /** Resolves when there is something to take. */
  async more(): Promise<void> {
    if (this.#ready.length > 0) return;
    await new Promise<void>((resolve) => {
      this.#wake = resolve;
    });
  }

  /**
   * From now on only the terminal part counts: the reader has cancelled, for `reason`. The server
   * knows only that, so its error would say less than the reason does.
   */
  awaitOnlyTheEnd(reason: MosaicError): void {
    this.#gaveUp ??= reason;
  }

  hear(message: Msg): void {
    if (this.#hasEnded) return;
    this.heardAt = performance.now();
    try {
      this.#accept(message);
    } catch (thrown) {
      this.fail(toFailure(thrown));
    }
  }

  /** Ends the stream with the terminal part for a failure, unless it has ended. */
  fail(failure: Failure): void {
    if (this.#hasEnded) return;
    this.#end(this.#contract.failedPart(failure, this.#hasParts) as PartOf<C>);
  }

  #accept(message: Msg): void {
    if (isNoResponders(message)) {
      this.#isOver = true;
      throw new MosaicError('service_unavailable', `${this.#contract.servedBy} is not there.`);
    }
    const number = Number(headerOf(message.headers, busHeaders.partNumber));
    const kind = headerOf(message.headers, busHeaders.partKind) as PartKind | undefined;
    if (number !== (kind === 'heartbeat' ? this.#number : this.#number + 1)) {
      throw new MosaicError('service_lost', 'A part of the stream was lost on the way.');
    }
    if (kind === 'heartbeat') return;
    if (kind === 'error') {
      this.#isOver = true;
      throw this.#gaveUp ?? errorFrom(message.data);
    }
    const parts = this.#partsIn(message);
    this.#number += parts.length;
    this.#isOver = kind === 'end';
    for (const [index, part] of parts.entries()) {
      if (this.#isOver && index === parts.length - 1) this.#end(part);
      else if (this.#gaveUp === undefined) this.#push(part);
    }
  }

  #partsIn({ data, headers }: Msg): PartOf<C>[] {
    const body = decoded(data);
    const isSeveral = headerOf(headers, busHeaders.parts) !== undefined;
    const given: unknown[] = isSeveral && Array.isArray(body) ? body : [body];
    return given.map((one) =>
      checked<C['part']>(this.#contract.part, one, {
        what: `A part of ${this.#contract.subject}`,
        code: 'internal',
      }),
    );
  }

  #end(part: PartOf<C>): void {
    this.#hasEnded = true;
    this.#push(part);
  }

  #push(part: PartOf<C>): void {
    this.#hasParts = true;
    this.#ready.push(part);
    this.#wake();
  }
}
