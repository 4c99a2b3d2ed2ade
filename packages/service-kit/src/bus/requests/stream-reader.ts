import { randomUUID } from 'node:crypto';
import {
  MosaicError,
  type PartOf,
  type RequestOf,
  type StreamContract,
  streamControlSubject,
  subjectFor,
  toFailure,
} from '@mosaic/proto';
import type { z } from 'zod';
import { type BusCore, send } from '../connection/bus-core.ts';
import type { Sweeper } from '../connection/sweeper.ts';
import { checked, encoded } from '../message/codec.ts';
import { headersFor } from '../message/headers.ts';
import { traceOrNew } from '../message/trace.ts';
import type { CallOptions } from '../port.ts';
import { cancelled, notPermitted } from './call.ts';
import { PartReader } from './part-reader.ts';
import { sendQuestion } from './send-question.ts';
import type { ControlWord } from './stream-control.ts';

export interface StreamQuestion<C extends StreamContract> {
  readonly contract: C;
  readonly request: z.input<C['request']>;
  readonly options: CallOptions;
  readonly sweeper: Sweeper;
}

/** Asks for a stream and yields its parts; never throws, and stopping early cancels it. */
export async function* readStream<C extends StreamContract>(
  core: BusCore,
  question: StreamQuestion<C>,
): AsyncGenerator<PartOf<C>, void, undefined> {
  const reader = new PartReader(question.contract);
  const stream = new OpenStream(core, question, reader);
  try {
    await stream.start();
    for (;;) {
      const part = reader.take();
      if (part !== undefined) yield part;
      else if (reader.hasEnded) return;
      else await reader.more();
    }
  } finally {
    stream.close();
  }
}

/** Everything that has to be closed when one stream is over, and the way to tell its server. */
class OpenStream<C extends StreamContract> {
  readonly #core: BusCore;
  readonly #question: StreamQuestion<C>;
  readonly #reader: PartReader<C>;
  readonly #control: string;
  readonly #streamId = randomUUID();
  readonly #cleanups: (() => void)[] = [];
  #isAsked = false;
  #aliveAt = performance.now();

  constructor(core: BusCore, question: StreamQuestion<C>, reader: PartReader<C>) {
    this.#core = core;
    this.#question = question;
    this.#reader = reader;
    this.#control = streamControlSubject(question.contract.subject, this.#streamId);
  }

  async start(): Promise<void> {
    try {
      await this.#ask();
    } catch (thrown) {
      this.#reader.fail(toFailure(thrown));
    }
  }

  close(): void {
    for (const cleanup of this.#cleanups) cleanup();
    if (this.#isAsked && !this.#reader.isOver) this.#say('cancel');
  }

  async #ask(): Promise<void> {
    const { contract, options } = this.#question;
    const deadline = Date.now() + (options.timeoutMs ?? this.#core.timings.streamMs);
    const request: RequestOf<C> = checked<C['request']>(contract.request, this.#question.request, {
      what: `The request to ${contract.subject}`,
      code: 'bad_request',
    });
    const subject = subjectFor(contract.subject, options.tokens);
    await this.#core.watch.whenConnected(
      Math.min(this.#core.timings.requestMs, deadline - Date.now()),
      options.signal,
    );
    if (options.signal?.aborted === true) throw cancelled(options.signal);
    if (!this.#core.watch.isConnected) {
      throw new MosaicError('service_unavailable', 'The bus is not connected.');
    }
    const timeoutMs = Math.max(1, deadline - Date.now());
    const headers = headersFor({
      caller: options.caller,
      trace: traceOrNew(options.trace),
      timeoutMs,
      streamId: this.#streamId,
    });
    this.#watch(subject, timeoutMs);
    const question = { subject, headers, data: encoded(request) };
    this.#cleanups.push(sendQuestion(this.#core, question, (part) => this.#reader.hear(part)));
    this.#isAsked = true;
  }

  #watch(subject: string, timeoutMs: number): void {
    const { options, sweeper } = this.#question;
    const timer = setTimeout(
      () => this.#giveUp(new MosaicError('deadline_exceeded')),
      Math.min(timeoutMs, 2 ** 31 - 1),
    );
    const cancel = () => this.#giveUp(cancelled(options.signal));
    options.signal?.addEventListener('abort', cancel, { once: true });
    this.#reader.heardAt = performance.now();
    this.#cleanups.push(
      () => clearTimeout(timer),
      () => options.signal?.removeEventListener('abort', cancel),
      sweeper.add((now, wasLate) => this.#sweep(now, wasLate)),
      this.#core.watch.onRefused((refused) => {
        if (refused === subject) this.#reader.fail(toFailure(notPermitted(this.#core, subject)));
      }),
    );
  }

  /** Cancels, and waits a moment for the server's own last part: it knows what was used. */
  #giveUp(error: MosaicError): void {
    if (this.#reader.hasEnded) return;
    this.#say('cancel');
    this.#reader.awaitOnlyTheEnd(error);
    const timer = setTimeout(
      () => this.#reader.fail(toFailure(error)),
      2 * this.#core.timings.lastWordMs,
    );
    this.#cleanups.push(() => clearTimeout(timer));
  }

  #sweep(now: number, wasLate: boolean): void {
    const { aliveMs, silenceMs } = this.#core.timings;
    if (now - this.#aliveAt >= aliveMs) {
      this.#aliveAt = now;
      this.#say('alive');
    }
    if (wasLate) this.#reader.heardAt = now;
    if (now - this.#reader.heardAt >= silenceMs) {
      this.#reader.fail(toFailure(new MosaicError('service_lost')));
    }
  }

  #say(word: ControlWord): void {
    try {
      send(this.#core, { subject: this.#control, data: Buffer.from(word) });
    } catch (thrown) {
      this.#core.log.debug({ err: thrown }, 'The server of a stream could not be told.');
    }
  }
}
