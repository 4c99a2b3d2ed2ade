import { busHeaders, MosaicError, type RequestContract, type RequestOf } from '@mosaic/proto';
import type { Msg } from '@nats-io/transport-node';
import type { z } from 'zod';
import { type BusCore, send } from '../connection/bus-core.ts';
import { checked, decoded, encoded } from '../message/codec.ts';
import { errorReply } from '../message/error-reply.ts';
import { headerOf } from '../message/headers.ts';
import { readRequest, traceOf } from '../message/read-received.ts';
import type { Received } from '../port.ts';
import { type Endpoint, type EndpointStats, errorToAnswer, listen, logFailure } from './serving.ts';

export type RequestHandler<C extends RequestContract> = (
  request: RequestOf<C>,
  received: Received,
) => Promise<z.input<C['reply']>>;

/** Answers a request contract until the subscription is drained. */
export function serve<C extends RequestContract>(
  core: BusCore,
  contract: C,
  handler: RequestHandler<C>,
): Endpoint {
  return listen(core, contract, (message, stats) => {
    core.work.track(answer(core, { contract, handler, message, stats }));
  });
}

interface Incoming<C extends RequestContract> {
  readonly contract: C;
  readonly handler: RequestHandler<C>;
  readonly message: Msg;
  readonly stats: EndpointStats;
}

async function answer<C extends RequestContract>(
  core: BusCore,
  incoming: Incoming<C>,
): Promise<void> {
  const { contract, message, stats } = incoming;
  const { reply, subject } = message;
  if (reply === undefined || reply === '') {
    core.log.debug({ subject }, 'A request without a reply address was dropped.');
    return;
  }
  const startedAt = performance.now();
  const trace = traceOf(message);
  const until = deadlineOf(message, core.timings.requestMs);
  const signal = AbortSignal.any([until.signal, core.work.hardStop]);
  try {
    const data = await replyTo(core, incoming, signal);
    send(core, { subject: reply, data });
  } catch (thrown) {
    const error = errorToAnswer(thrown, signal);
    stats.errors += 1;
    stats.lastError = `${error.code}: ${error.message}`;
    logFailure(core, { contract, error, trace });
    sendError(core, { subject: reply, error, trace });
  } finally {
    until.clear();
    stats.requests += 1;
    stats.processingMs += performance.now() - startedAt;
  }
}

async function replyTo<C extends RequestContract>(
  core: BusCore,
  { contract, handler, message }: Incoming<C>,
  signal: AbortSignal,
): Promise<Uint8Array> {
  const received = readRequest(core, contract, message);
  const request: RequestOf<C> = checked<C['request']>(contract.request, decoded(message.data), {
    what: `The request to ${contract.subject}`,
    code: 'bad_request',
  });
  const reply = await handler(request, { ...received, signal });
  return encoded(
    checked<C['reply']>(contract.reply, reply, {
      what: `The reply of ${contract.subject}`,
      code: 'internal',
    }),
  );
}

/** Aborts when the time that the caller gave is over. */
export function deadlineOf(
  message: Msg,
  usualMs: number,
): { readonly signal: AbortSignal; clear(): void } {
  const given = Number(headerOf(message.headers, busHeaders.timeoutMs));
  const timeoutMs = Number.isFinite(given) && given > 0 ? given : usualMs;
  const controller = new AbortController();
  const timer = setTimeout(
    () => controller.abort(new MosaicError('deadline_exceeded')),
    Math.min(timeoutMs, 2 ** 31 - 1),
  );
  return { signal: controller.signal, clear: () => clearTimeout(timer) };
}

interface ErrorAnswer {
  readonly subject: string;
  readonly error: MosaicError;
  readonly trace: string;
}

function sendError(core: BusCore, { subject, error, trace }: ErrorAnswer): void {
  try {
    send(core, { subject, ...errorReply(error, trace) });
  } catch (thrown) {
    core.log.warn({ err: thrown, subject }, 'An error reply could not be sent.');
  }
}
