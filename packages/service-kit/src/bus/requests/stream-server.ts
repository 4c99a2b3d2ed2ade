import {
  busHeaders,
  MosaicError,
  type PartOf,
  type RequestOf,
  type StreamContract,
  toMosaicError,
} from '@mosaic/proto';
import type { Msg, Subscription } from '@nats-io/transport-node';
import type { BusCore } from '../connection/bus-core.ts';
import type { Sweeper } from '../connection/sweeper.ts';
import { checked, decoded } from '../message/codec.ts';
import { headerOf, takesSeveral } from '../message/headers.ts';
import { readRequest, traceOf } from '../message/read-received.ts';
import type { Received } from '../port.ts';
import { PartWriter } from './part-writer.ts';
import { deadlineOf } from './serve.ts';
import { type Endpoint, type EndpointStats, errorToAnswer, listen, logFailure } from './serving.ts';
import { StreamControl } from './stream-control.ts';

export type StreamHandler<C extends StreamContract> = (
  request: RequestOf<C>,
  received: Received,
) => AsyncIterable<PartOf<C>>;

export interface StreamEndpoint extends Endpoint {
  /** Stays until the last running stream has ended: readers must be able to cancel while draining. */
  readonly control: Subscription;
}

interface Served<C extends StreamContract> {
  readonly contract: C;
  readonly handler: StreamHandler<C>;
  readonly sweeper: Sweeper;
}

/** Answers a stream contract until the subscription is drained. */
export function serveStream<C extends StreamContract>(
  core: BusCore,
  served: Served<C>,
): StreamEndpoint {
  const control = new StreamControl(core, served.contract);
  const endpoint = listen(core, served.contract, (message, stats) => {
    core.work.track(run(core, { ...served, control, message, stats }));
  });
  return Object.assign(endpoint, { control: control.subscription });
}

interface Incoming<C extends StreamContract> extends Served<C> {
  readonly control: StreamControl;
  readonly message: Msg;
  readonly stats: EndpointStats;
}

async function run<C extends StreamContract>(core: BusCore, incoming: Incoming<C>): Promise<void> {
  const { contract, control, message, stats } = incoming;
  const streamId = headerOf(message.headers, busHeaders.stream);
  if (message.reply === undefined || streamId === undefined) {
    core.log.debug(
      { subject: message.subject },
      'A stream without reply address or id was dropped.',
    );
    return;
  }
  const startedAt = performance.now();
  const trace = traceOf(message);
  const until = deadlineOf(message, core.timings.streamMs);
  const stream = control.open(streamId);
  const signal = AbortSignal.any([until.signal, stream.signal, core.work.hardStop]);
  const writer = new PartWriter(core, {
    contract,
    subject: message.reply,
    takesSeveral: headerOf(message.headers, busHeaders.parts) === takesSeveral,
  });
  const fail = (error: MosaicError) => failStream(core, { writer, error, trace });
  // A handler that does not stop when told must not keep the reader waiting.
  const onAbort = () =>
    setTimeout(() => fail(toMosaicError(signal.reason)), core.timings.lastWordMs);
  signal.addEventListener('abort', onAbort, { once: true });
  const stopSweeping = incoming.sweeper.add((now, wasLate) => {
    stream.sweep(now, wasLate);
    beat(core, writer, now);
  });
  try {
    await pump(core, { ...incoming, writer, signal });
  } catch (thrown) {
    const error = errorToAnswer(thrown, signal);
    stats.errors += 1;
    stats.lastError = `${error.code}: ${error.message}`;
    logFailure(core, { contract, error, trace });
    fail(error);
  } finally {
    signal.removeEventListener('abort', onAbort);
    stopSweeping();
    stream.close();
    until.clear();
    stats.requests += 1;
    stats.processingMs += performance.now() - startedAt;
  }
}

interface Pump<C extends StreamContract> extends Incoming<C> {
  readonly writer: PartWriter<C>;
  readonly signal: AbortSignal;
}

/** Sends part after part as the handler makes them; throws when the stream ends without its last. */
async function pump<C extends StreamContract>(core: BusCore, pumped: Pump<C>): Promise<void> {
  const { contract, message, writer, signal } = pumped;
  const received = readRequest(core, contract, message);
  const request: RequestOf<C> = checked<C['request']>(contract.request, decoded(message.data), {
    what: `The request to ${contract.subject}`,
    code: 'bad_request',
  });
  signal.throwIfAborted();
  for await (const part of pumped.handler(request, { ...received, signal })) {
    writer.write(part);
    if (writer.isClosed) return;
  }
  signal.throwIfAborted();
  throw new MosaicError('internal', 'The stream ended without its last part.');
}

interface FailedStream<C extends StreamContract> {
  readonly writer: PartWriter<C>;
  readonly error: MosaicError;
  readonly trace: string;
}

function failStream<C extends StreamContract>(core: BusCore, failed: FailedStream<C>): void {
  try {
    failed.writer.fail(failed.error, failed.trace);
  } catch (thrown) {
    core.log.warn({ err: thrown }, 'The end of a stream could not be sent.');
  }
}

function beat<C extends StreamContract>(core: BusCore, writer: PartWriter<C>, now: number): void {
  try {
    writer.beat(now);
  } catch (thrown) {
    core.log.debug({ err: thrown }, 'A heartbeat could not be sent.');
  }
}
