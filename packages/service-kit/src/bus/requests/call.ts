import {
  MosaicError,
  type ReplyOf,
  type RequestContract,
  type RequestOf,
  subjectFor,
} from '@mosaic/proto';
import type { Msg } from '@nats-io/transport-node';
import type { z } from 'zod';
import type { BusCore, Outgoing } from '../connection/bus-core.ts';
import { isNoResponders } from '../connection/reply-inbox.ts';
import { checked, decoded, encoded } from '../message/codec.ts';
import { errorFrom, isErrorReply } from '../message/error-reply.ts';
import { headersFor } from '../message/headers.ts';
import { traceOrNew } from '../message/trace.ts';
import type { CallOptions } from '../port.ts';
import { sendQuestion } from './send-question.ts';

export interface Question<C extends RequestContract> {
  readonly contract: C;
  readonly request: z.input<C['request']>;
  readonly options: CallOptions;
}

/** Asks one question and waits for its answer. Throws MosaicError. */
export async function call<C extends RequestContract>(
  core: BusCore,
  { contract, request, options }: Question<C>,
): Promise<ReplyOf<C>> {
  const deadline = Date.now() + (options.timeoutMs ?? core.timings.requestMs);
  assertNotCancelled(options.signal);
  const body: RequestOf<C> = checked<C['request']>(contract.request, request, {
    what: `The request to ${contract.subject}`,
    code: 'bad_request',
  });
  const subject = subjectFor(contract.subject, options.tokens);
  // Sending while the link is down would be lost in silence: the client drops its buffer on a redial.
  await core.watch.whenConnected(deadline - Date.now(), options.signal);
  assertNotCancelled(options.signal);
  if (!core.watch.isConnected) {
    throw new MosaicError('service_unavailable', 'The bus is not connected.');
  }
  const timeoutMs = Math.max(1, deadline - Date.now());
  const headers = headersFor({
    caller: options.caller,
    trace: traceOrNew(options.trace),
    timeoutMs,
  });
  const answer = await ask(core, {
    message: { subject, headers, data: encoded(body) },
    timeoutMs,
    signal: options.signal,
  });
  if (isNoResponders(answer)) {
    throw new MosaicError('service_unavailable', `${contract.servedBy} is not there.`);
  }
  if (isErrorReply(answer.headers)) throw errorFrom(answer.data);
  // A wrong answer is not the caller's fault.
  return checked<C['reply']>(contract.reply, decoded(answer.data), {
    what: `The reply of ${contract.subject}`,
    code: 'internal',
  });
}

interface Ask {
  readonly message: Outgoing;
  readonly timeoutMs: number;
  readonly signal: AbortSignal | undefined;
}

/** Sends and waits for the first answer, whatever it is. */
async function ask(core: BusCore, { message, timeoutMs, signal }: Ask): Promise<Msg> {
  const { promise, resolve, reject } = Promise.withResolvers<Msg>();
  let stopAsking = () => {};
  const timer = setTimeout(() => reject(new MosaicError('deadline_exceeded')), timeoutMs);
  const cancel = () => reject(cancelled(signal));
  const stopWatching = core.watch.onRefused((subject) => {
    if (subject === message.subject) reject(notPermitted(core, subject));
  });
  signal?.addEventListener('abort', cancel, { once: true });
  try {
    stopAsking = sendQuestion(core, message, resolve);
    return await promise;
  } finally {
    clearTimeout(timer);
    signal?.removeEventListener('abort', cancel);
    stopWatching();
    stopAsking();
  }
}

/** The server refuses what the contracts don't allow this principal. */
export function notPermitted(core: BusCore, subject: string): MosaicError {
  return new MosaicError('forbidden', `${core.principal} may not publish on ${subject}.`);
}

export function cancelled(signal: AbortSignal | undefined): MosaicError {
  return new MosaicError('cancelled', undefined, { cause: signal?.reason });
}

function assertNotCancelled(signal: AbortSignal | undefined): void {
  if (signal?.aborted === true) throw cancelled(signal);
}
