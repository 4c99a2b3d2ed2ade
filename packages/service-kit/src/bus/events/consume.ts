import type { EventContract, FactOf } from '@mosaic/proto';
import type { Msg } from '@nats-io/transport-node';
import type { ConsumeOptions, Settleable, Stoppable } from '../port.ts';
import { ensureConsumer } from './ensure-consumer.ts';
import { type EventCore, streamOf } from './event-core.ts';
import { PullSource } from './pull-source.ts';
import { type Settlement, settleableOf, settlementOf } from './settleable.ts';

export interface Consumption<E extends EventContract> {
  readonly event: E;
  readonly handler: (delivery: Settleable<FactOf<E>>) => Promise<void>;
  readonly options: ConsumeOptions;
}

/** Works through a stream by a durable consumer until stopped. */
export async function consume<E extends EventContract>(
  core: EventCore,
  consumption: Consumption<E>,
): Promise<Stoppable> {
  const ensure = () => ensureConsumer(core, { event: consumption.event, ...consumption.options });
  await ensure();
  const worker = new ConsumerWorker(core, consumption);
  worker.start(ensure);
  return worker;
}

class ConsumerWorker<E extends EventContract> implements Stoppable {
  readonly #core: EventCore;
  readonly #consumption: Consumption<E>;
  readonly #running = new Set<Promise<void>>();
  #source: PullSource | undefined;
  #isStopped = false;

  constructor(core: EventCore, consumption: Consumption<E>) {
    this.#core = core;
    this.#consumption = consumption;
  }

  start(ensure: () => Promise<void>): void {
    const { event, options } = this.#consumption;
    this.#source = new PullSource(this.#core, {
      stream: streamOf(event),
      durable: options.durable,
      ensure,
      free: () => options.concurrency - this.#running.size,
      onMessage: (message) => this.#take(message),
    });
  }

  async stop(): Promise<void> {
    this.#isStopped = true;
    await this.#source?.stop();
    await Promise.all(this.#running);
  }

  #take(message: Msg): void {
    const settlement = settlementOf(this.#core, message);
    if (this.#isStopped) {
      // Another replica can have it at once instead of after the acknowledgement time.
      settlement.retryLater(0);
      return;
    }
    const work = this.#handle(message, settlement);
    this.#running.add(work);
    this.#core.work.track(work);
    void work.finally(() => {
      this.#running.delete(work);
      this.#source?.pull();
    });
  }

  /** Never rejects. */
  async #handle(message: Msg, settlement: Settlement): Promise<void> {
    const delivery = this.#read(message, settlement);
    if (delivery === undefined) return;
    const about = { subject: this.#consumption.event.subject, streamSeq: delivery.streamSeq };
    try {
      await this.#consumption.handler(delivery);
      if (!settlement.isSettled) {
        this.#core.log.warn(about, 'A delivery was not settled and will come again.');
      }
    } catch (thrown) {
      this.#core.log.error({ ...about, err: thrown }, 'A delivery failed and will come again.');
    }
  }

  /** A message that can't be read will never be readable: it must not block those behind it. */
  #read(message: Msg, settlement: Settlement): Settleable<FactOf<E>> | undefined {
    try {
      return settleableOf(this.#core, this.#consumption.event, { message, settlement });
    } catch (thrown) {
      this.#core.log.error({ err: thrown, subject: message.subject }, 'A poisoned message.');
      settlement.discard('not of the contract');
      return undefined;
    }
  }
}
