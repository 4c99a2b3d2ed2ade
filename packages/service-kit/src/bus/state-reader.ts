import type { StateContract, ValueOf } from '@mosaic/proto';
import type { Consumer, ConsumerMessages, JsMsg } from '@nats-io/jetstream';
import { askOnce, LinkCutError } from './events/ask-server.ts';
import type { EventCore } from './events/event-core.ts';
import { checked, decoded } from './message/codec.ts';
import type { StateListener } from './port.ts';

const firstRetryMs = 200;
const longestRetryMs = 30_000;
/** After so long without its reader the server forgets a reader's consumer. */
const inactiveMs = 60_000;
const pullMs = 10_000;

/**
 * Follows the entries of one bucket. A restarted server has forgotten the consumer, so a link that
 * comes back begins a new reading from the first entry: what is not in it any more is told as gone.
 * The client library's own watch needs flow control subjects that our permissions do not give.
 */
export class StateReader<S extends StateContract> {
  readonly #core: EventCore;
  readonly #state: S;
  readonly #listener: StateListener<ValueOf<S>>;
  readonly #stopped = Promise.withResolvers<void>();
  /** Keys that were told and not told as gone. */
  #known = new Set<string>();
  #messages: ConsumerMessages | undefined;
  #isStopped = false;

  constructor(core: EventCore, state: S, listener: StateListener<ValueOf<S>>) {
    this.#core = core;
    this.#state = state;
    this.#listener = listener;
  }

  /** Nothing is told from here on. */
  async stop(): Promise<void> {
    this.#isStopped = true;
    this.#stopped.resolve();
    await this.#messages?.close();
  }

  /** Reads until stopped; never rejects. */
  async run(): Promise<void> {
    const { log, connection } = this.#core;
    const { bucket } = this.#state;
    let retryMs = firstRetryMs;
    while (!this.#isStopped && !connection.isClosed()) {
      try {
        await this.#readUntilCut();
        retryMs = firstRetryMs;
      } catch (thrown) {
        const level = thrown instanceof LinkCutError ? 'debug' : 'warn';
        log[level]({ err: thrown, bucket }, 'Shared state can not be read; trying again.');
        await this.#pause(retryMs);
        retryMs = Math.min(retryMs * 2, longestRetryMs);
      }
    }
  }

  async #readUntilCut(): Promise<void> {
    const cut = { isCut: false };
    const stopWatching = this.#core.watch.onReconnect(() => {
      cut.isCut = true;
      void this.#messages?.close();
    });
    try {
      const consumer = await this.#openConsumer();
      const stored = (await consumer.info(true)).num_pending;
      this.#messages = await consumer.consume({ expires: pullMs });
      if (this.#isStopped || cut.isCut) await this.#messages.close();
      await this.#tellAll(this.#messages, stored);
      void consumer.delete().catch(() => undefined);
    } finally {
      stopWatching();
      await this.#messages?.close();
      this.#messages = undefined;
    }
  }

  async #tellAll(messages: ConsumerMessages, stored: number): Promise<void> {
    const missing = new Set(this.#known);
    let isCaughtUp = false;
    const catchUp = () => {
      isCaughtUp = true;
      if (this.#isStopped) return;
      for (const key of missing) this.#tell(key, undefined);
      this.#listener.caughtUp?.();
    };
    if (stored === 0) catchUp();
    let count = 0;
    for await (const message of messages) {
      count += 1;
      missing.delete(this.#keyOf(message));
      this.#hear(message);
      if (!isCaughtUp && (message.info.pending === 0 || count >= stored)) catchUp();
    }
  }

  #openConsumer(): Promise<Consumer> {
    const { bucket } = this.#state;
    return askOnce(this.#core, () =>
      // A bucket keeps one message per key, so reading from the first is reading what there is.
      this.#core.jetstream.consumers.get(`KV_${bucket}`, {
        filter_subjects: `$KV.${bucket}.>`,
        opt_start_seq: 1,
        inactive_threshold: inactiveMs,
      }),
    );
  }

  #keyOf(message: JsMsg): string {
    return message.subject.slice(`$KV.${this.#state.bucket}.`.length);
  }

  #hear(message: JsMsg): void {
    const key = this.#keyOf(message);
    // Only removals name an operation.
    const operation = message.headers?.get('KV-Operation') ?? '';
    try {
      this.#tell(key, operation === '' ? this.#valueOf(key, message) : undefined);
    } catch (thrown) {
      this.#core.log.error({ err: thrown, subject: message.subject }, 'Left out.');
    }
  }

  #valueOf(key: string, message: JsMsg): ValueOf<S> {
    const value: ValueOf<S> = checked<S['value']>(this.#state.value, decoded(message.data), {
      what: `The entry ${key} of ${this.#state.bucket}`,
      code: 'internal',
    });
    return value;
  }

  #tell(key: string, value: ValueOf<S> | undefined): void {
    if (this.#isStopped) return;
    if (value === undefined) this.#known.delete(key);
    else this.#known.add(key);
    this.#listener.changed(key, value);
  }

  async #pause(delayMs: number): Promise<void> {
    const over = Promise.withResolvers<void>();
    const timer = setTimeout(over.resolve, delayMs);
    await Promise.race([over.promise, this.#stopped.promise]);
    clearTimeout(timer);
  }
}
