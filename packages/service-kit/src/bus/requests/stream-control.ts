import { MosaicError, type StreamContract, streamControlSubject } from '@mosaic/proto';
import type { Msg, Subscription } from '@nats-io/transport-node';
import type { BusCore } from '../connection/bus-core.ts';

/** What the reader of a stream says on its control subject. */
export type ControlWord = 'alive' | 'cancel';

interface Controlled {
  readonly controller: AbortController;
  heardAt: number;
}

export interface ControlledStream {
  /** Aborts when the reader cancels or goes away. */
  readonly signal: AbortSignal;
  /** Gives the reader up when it was not heard of for too long. */
  sweep(now: number, wasLate: boolean): void;
  close(): void;
}

/**
 * Hears what the readers of one contract's streams say. Every instance hears all of it: the control
 * subject has no queue group, since only the instance that runs the stream can act on it.
 */
export class StreamControl {
  readonly subscription: Subscription;
  readonly #core: BusCore;
  readonly #running = new Map<string, Controlled>();
  /** Cancels that came before their stream, and the time until which they count. */
  readonly #early = new Map<string, number>();

  constructor(core: BusCore, contract: StreamContract) {
    this.#core = core;
    this.subscription = core.connection.subscribe(streamControlSubject(contract.subject, '*'), {
      callback: (error, message) => {
        if (error === null) this.#hear(message);
      },
    });
  }

  open(streamId: string): ControlledStream {
    const controller = new AbortController();
    const stream = { controller, heardAt: performance.now() };
    this.#running.set(streamId, stream);
    if (this.#early.delete(streamId)) controller.abort(new MosaicError('cancelled'));
    return {
      signal: controller.signal,
      sweep: (now, wasLate) => this.#sweep(stream, now, wasLate),
      close: () => this.#running.delete(streamId),
    };
  }

  #sweep(stream: Controlled, now: number, wasLate: boolean): void {
    if (wasLate) stream.heardAt = now;
    if (now - stream.heardAt < this.#core.timings.abandonedMs) return;
    stream.controller.abort(new MosaicError('cancelled', 'The reader of the stream went away.'));
  }

  #hear(message: Msg): void {
    const streamId = message.subject.slice(message.subject.lastIndexOf('.') + 1);
    const word = message.string();
    const stream = this.#running.get(streamId);
    if (stream !== undefined) {
      stream.heardAt = performance.now();
      if (word === 'cancel') stream.controller.abort(new MosaicError('cancelled'));
    } else if (word === 'cancel') {
      this.#remember(streamId);
    }
  }

  #remember(streamId: string): void {
    const now = performance.now();
    for (const [id, until] of this.#early) {
      if (until > now) break;
      this.#early.delete(id);
    }
    this.#early.set(streamId, now + this.#core.timings.rememberCancelMs);
  }
}
