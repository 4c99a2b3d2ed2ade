import { busHeaders, type MosaicError, type PartOf, type StreamContract } from '@mosaic/proto';
import { headers, type MsgHdrs } from '@nats-io/transport-node';
import { assertFits, type BusCore } from '../connection/bus-core.ts';
import { checked, encoded } from '../message/codec.ts';
import { errorReply } from '../message/error-reply.ts';

/**
 * What one message of a stream is: `part` and `end` (the terminal part) carry a part, `error` an
 * error body from which the reader makes the terminal part, `heartbeat` nothing.
 */
export type PartKind = 'part' | 'heartbeat' | 'end' | 'error';

const nothing = new Uint8Array();

/**
 * Sends the parts of one stream, numbered from 1 without gaps, and nothing after the terminal one. A
 * heartbeat repeats the number before it, so that a lost part shows even when it was the last.
 */
export class PartWriter<C extends StreamContract> {
  readonly #core: BusCore;
  readonly #contract: C;
  readonly #subject: string;
  #number = 0;
  #isClosed = false;
  #lastSentAt = performance.now();

  constructor(core: BusCore, contract: C, subject: string) {
    this.#core = core;
    this.#contract = contract;
    this.#subject = subject;
  }

  get isClosed(): boolean {
    return this.#isClosed;
  }

  /** Throws internal when the part is not of the contract, body_too_large when it is too large. */
  write(given: PartOf<C>): void {
    if (this.#isClosed) return;
    const part = checked<C['part']>(this.#contract.part, given, {
      what: `A part of ${this.#contract.subject}`,
      code: 'internal',
    });
    const isTerminal = this.#contract.isTerminal(part);
    const made = this.#headers(isTerminal ? 'end' : 'part', this.#number + 1);
    this.#send(made, encoded(part));
    this.#number += 1;
    this.#isClosed = isTerminal;
  }

  /** Ends the stream with an error, unless it has ended. */
  fail(error: MosaicError, trace: string): void {
    if (this.#isClosed) return;
    this.#isClosed = true;
    const { headers: made, data } = errorReply(error, trace);
    made.set(busHeaders.partKind, 'error' satisfies PartKind);
    made.set(busHeaders.partNumber, String(this.#number + 1));
    this.#send(made, data);
  }

  /** Says that the stream lives when nothing else did so for `heartbeatMs`. */
  beat(now: number): void {
    if (this.#isClosed || now - this.#lastSentAt < this.#core.timings.heartbeatMs) return;
    this.#send(this.#headers('heartbeat', this.#number), nothing);
  }

  #headers(kind: PartKind, number: number): MsgHdrs {
    const made = headers();
    made.set(busHeaders.partKind, kind);
    made.set(busHeaders.partNumber, String(number));
    return made;
  }

  #send(made: MsgHdrs, data: Uint8Array): void {
    const message = { subject: this.#subject, headers: made, data };
    assertFits(this.#core, message);
    this.#core.outbox.add(message);
    this.#lastSentAt = performance.now();
  }
}
