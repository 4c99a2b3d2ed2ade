import { type EventContract, type FactOf, subjectFilter } from '@mosaic/proto';
import type { Consumer, ConsumerMessages, JsMsg } from '@nats-io/jetstream';
import type { Delivery, ReadOptions } from '../port.ts';
import { askOnce, LinkCutError } from './ask-server.ts';
import { deliveryOf, type EventCore, eventError, mayPass, streamOf } from './event-core.ts';

/** How often a reader that expects more asks whether there is more: a purge may have taken it. */
const recheckMs = 1_000;
const retryMs = 200;
/** After so long without its reader the server forgets a reader's consumer. */
const inactiveMs = 60_000;
/** The server says twice per pull that it is there; two missed ones and the client starts anew. */
const pullMs = 10_000;

export interface Reading<E extends EventContract> {
  readonly event: E;
  readonly options: ReadOptions;
}

/** Yields stored facts in order; facts that are not of the contract are logged and left out. */
export async function* readLog<E extends EventContract>(
  core: EventCore,
  reading: Reading<E>,
): AsyncGenerator<Delivery<FactOf<E>>, void, undefined> {
  const { event, options } = reading;
  const cursor = { afterSeq: options.afterStreamSeq ?? 0, isCut: true };
  while (cursor.isCut && options.signal?.aborted !== true && !core.connection.isClosed()) {
    for await (const message of readUntilCut(core, reading, cursor)) {
      const delivery = readOne(core, event, message);
      if (delivery !== undefined) yield delivery;
    }
  }
}

interface Cursor {
  /** Stream sequence of the last message read. */
  afterSeq: number;
  /** True when the reading must be taken up again behind it. */
  isCut: boolean;
}

/**
 * Reads on behind the cursor with one consumer. A restarted server has forgotten it, which the
 * client's own check notices half a minute later, so a link that comes back cuts the reading.
 */
async function* readUntilCut<E extends EventContract>(
  core: EventCore,
  { event, options }: Reading<E>,
  cursor: Cursor,
): AsyncGenerator<JsMsg, void, undefined> {
  cursor.isCut = false;
  const consumer = await openConsumer(core, { event, options }, cursor);
  if (consumer === undefined) return;
  const stored = (await consumer.info(true)).num_pending;
  if (options.untilCaughtUp && stored === 0) {
    forget(consumer);
    return;
  }
  const messages = await consumer.consume({ expires: pullMs });
  const stopWatching = endWhenDue(consumer, messages, options);
  const stopWaiting = core.watch.onReconnect(() => {
    cursor.isCut = true;
    void messages.close();
  });
  try {
    let count = 0;
    for await (const message of messages) {
      count += 1;
      cursor.afterSeq = message.seq;
      yield message;
      if (cursor.isCut) return;
      if (options.untilCaughtUp && (message.info.pending === 0 || count >= stored)) return;
    }
  } catch (thrown) {
    throw eventError(thrown);
  } finally {
    stopWatching();
    stopWaiting();
    await messages.close();
    forget(consumer);
  }
}

/** Not waited for: the server forgets it by itself when this does not arrive. */
function forget(consumer: Consumer): void {
  void consumer.delete().catch(() => undefined);
}

/** Undefined when nobody wants it any more. */
async function openConsumer<E extends EventContract>(
  core: EventCore,
  { event, options }: Reading<E>,
  cursor: Cursor,
): Promise<Consumer | undefined> {
  const deadline = Date.now() + core.timings.publishMs;
  while (options.signal?.aborted !== true && !core.connection.isClosed()) {
    try {
      return await askOnce(core, () =>
        core.jetstream.consumers.get(streamOf(event), {
          filter_subjects: subjectFilter(event.subject, options.tokens),
          opt_start_seq: cursor.afterSeq + 1,
          inactive_threshold: inactiveMs,
        }),
      );
    } catch (thrown) {
      const isOver = options.untilCaughtUp && Date.now() + retryMs > deadline;
      if (!(thrown instanceof LinkCutError || mayPass(thrown)) || isOver) throw eventError(thrown);
      await new Promise((resolve) => setTimeout(resolve, retryMs));
    }
  }
  return undefined;
}

/** Ends the iteration on the reader's signal, and when what was stored is gone. */
function endWhenDue(
  consumer: Consumer,
  messages: ConsumerMessages,
  options: ReadOptions,
): () => void {
  const end = () => void messages.close();
  options.signal?.addEventListener('abort', end, { once: true });
  // It may have aborted while the consumer was being opened; then nobody tells again.
  if (options.signal?.aborted === true) end();
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
