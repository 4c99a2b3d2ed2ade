import { type EventContract, type FactOf, subjectFilter } from '@mosaic/proto';
import type { Consumer, ConsumerMessages, JsMsg } from '@nats-io/jetstream';
import type { Delivery, ReadOptions } from '../port.ts';
import { deliveryOf, type EventCore, eventError, streamOf } from './event-core.ts';

/** How often a reader that expects more asks whether there is more: a purge may have taken it. */
const recheckMs = 1_000;
const inactiveMs = 60_000;

export interface Reading<E extends EventContract> {
  readonly event: E;
  readonly options: ReadOptions;
}

/** Yields stored facts in order; facts that are not of the contract are logged and left out. */
export async function* readLog<E extends EventContract>(
  core: EventCore,
  { event, options }: Reading<E>,
): AsyncGenerator<Delivery<FactOf<E>>, void, undefined> {
  if (options.signal?.aborted === true) return;
  const consumer = await openConsumer(core, { event, options });
  let messages: ConsumerMessages | undefined;
  try {
    const stored = (await consumer.info(true)).num_pending;
    if (options.untilCaughtUp && stored === 0) return;
    messages = await consumer.consume();
    const stopWaiting = endWhenDue(consumer, messages, options);
    try {
      let count = 0;
      for await (const message of messages) {
        count += 1;
        const delivery = readOne(core, event, message);
        if (delivery !== undefined) yield delivery;
        if (options.untilCaughtUp && (message.info.pending === 0 || count >= stored)) return;
      }
    } finally {
      stopWaiting();
    }
  } catch (thrown) {
    throw eventError(thrown);
  } finally {
    await messages?.close();
    await consumer.delete().catch(() => undefined);
  }
}

async function openConsumer<E extends EventContract>(
  core: EventCore,
  { event, options }: Reading<E>,
): Promise<Consumer> {
  try {
    return await core.jetstream.consumers.get(streamOf(event), {
      filter_subjects: subjectFilter(event.subject, options.tokens),
      opt_start_seq: (options.afterStreamSeq ?? 0) + 1,
      inactive_threshold: inactiveMs,
    });
  } catch (thrown) {
    throw eventError(thrown);
  }
}

/** Ends the iteration on the reader's signal, and when what was stored is gone. */
function endWhenDue(
  consumer: Consumer,
  messages: ConsumerMessages,
  options: ReadOptions,
): () => void {
  const end = () => void messages.close();
  options.signal?.addEventListener('abort', end, { once: true });
  const recheck = async () => {
    const info = await consumer.info().catch(() => undefined);
    if (info?.num_pending === 0 && messages.getPending() === 0) end();
  };
  const timer = options.untilCaughtUp ? setInterval(() => void recheck(), recheckMs) : undefined;
  return () => {
    clearInterval(timer);
    options.signal?.removeEventListener('abort', end);
  };
}

function readOne<E extends EventContract>(
  core: EventCore,
  event: E,
  message: JsMsg,
): Delivery<FactOf<E>> | undefined {
  try {
    return deliveryOf(core, event, {
      subject: message.subject,
      data: message.data,
      headers: message.headers,
      streamSeq: message.seq,
      deliveryCount: message.info.deliveryCount,
    });
  } catch (thrown) {
    core.log.error({ err: thrown, subject: message.subject, seq: message.seq }, 'Left out.');
    return undefined;
  }
}
