import { busHeaders, type MosaicError, type PartOf, type StreamContract } from '@mosaic/proto';
import { headers, type MsgHdrs } from '@nats-io/transport-node';
import { assertFits, type BusCore, type Outgoing } from '../connection/bus-core.ts';
import { checked, encoded } from '../message/codec.ts';
import { errorReply } from '../message/error-reply.ts';

/**
 * What one message of a stream is: `part` and `end` (its last part is the terminal one) carry parts,
 * `error` an error body from which the reader makes the terminal part, `heartbeat` nothing.
 */
export type PartKind = 'part' | 'heartbeat' | 'end' | 'error';

const nothing = new Uint8Array();
/** A message of this size takes no further part: what is large gains nothing by being sent together. */
const fullBytes = 32_768;
const headerRoomBytes = 256;

/** Parts that leave in one message; `end` when the last of them is terminal. */
interface Group {
  kind: 'part' | 'end';
  readonly firstNumber: number;
  readonly parts: Uint8Array[];
  bytes: number;
}

export interface PartWriterOptions<C extends StreamContract> {
  readonly contract: C;
  /** Where the reader hears. */
  readonly subject: string;
  /** True when the reader takes several parts in one message. */
  readonly takesSeveral: boolean;
}

/**
 * Sends the parts of one stream, numbered from 1 without gaps, and nothing after the terminal one. Parts
 * of one turn of the event loop (what a vendor sent in one piece) go in one message to a reader that
 * takes it: each message costs both sides and the server more than the few bytes in it. A heartbeat
 * repeats the number before it, so that a lost part shows even when it was the last.
 */
export class PartWriter<C extends StreamContract> {
  readonly #core: BusCore;
  readonly #options: PartWriterOptions<C>;
  #number = 0;
  #isClosed = false;
  #lastSentAt = performance.now();
  /** Still in the outbox, so that more can come into it. */
  #open: Group | undefined;

  constructor(core: BusCore, options: PartWriterOptions<C>) {
    this.#core = core;
    this.#options = options;
  }

  get isClosed(): boolean {
    return this.#isClosed;
  }

  /** Throws internal when the part is not of the contract, body_too_large when it is too large. */
  write(given: PartOf<C>): void {
    if (this.#isClosed) return;
    const { contract } = this.#options;
    const part = checked<C['part']>(contract.part, given, {
      what: `A part of ${contract.subject}`,
      code: 'internal',
    });
    const isTerminal = contract.isTerminal(part);
    this.#add(encoded(part), isTerminal ? 'end' : 'part');
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
    this.#send(headersOf('heartbeat', this.#number), nothing);
  }

  #add(data: Uint8Array, kind: Group['kind']): void {
    const open = this.#open;
    if (open !== undefined && open.bytes + data.length < fullBytes) {
      open.kind = kind;
      open.parts.push(data);
      open.bytes += data.length;
      return;
    }
    const group: Group = {
      kind,
      firstNumber: this.#number + 1,
      parts: [data],
      bytes: data.length,
    };
    assertFits(this.#core, { data }, headerRoomBytes);
    this.#core.outbox.add(() => {
      if (this.#open === group) this.#open = undefined;
      return this.#messageOf(group);
    });
    if (this.#options.takesSeveral) this.#open = group;
    this.#lastSentAt = performance.now();
  }

  #messageOf({ firstNumber, kind, parts }: Group): Outgoing {
    const { subject } = this.#options;
    const made = headersOf(kind, firstNumber);
    const [only] = parts;
    if (parts.length === 1 && only !== undefined) return { subject, headers: made, data: only };
    made.set(busHeaders.parts, String(parts.length));
    return { subject, headers: made, data: listOf(parts) };
  }

  #send(made: MsgHdrs, data: Uint8Array): void {
    // What comes later has a later number: it must not get into a message before this one.
    this.#open = undefined;
    const message = { subject: this.#options.subject, headers: made, data };
    assertFits(this.#core, message);
    this.#core.outbox.add(() => message);
    this.#lastSentAt = performance.now();
  }
}

function headersOf(kind: PartKind, number: number): MsgHdrs {
  const made = headers();
  made.set(busHeaders.partKind, kind);
  made.set(busHeaders.partNumber, String(number));
  return made;
}

const opening = Buffer.from('[');
const comma = Buffer.from(',');
const closing = Buffer.from(']');

/** JSON texts as one JSON list. */
function listOf(texts: readonly Uint8Array[]): Uint8Array {
  const pieces = texts.flatMap((text, index) => [index === 0 ? opening : comma, text]);
  return Buffer.concat([...pieces, closing]);
}
