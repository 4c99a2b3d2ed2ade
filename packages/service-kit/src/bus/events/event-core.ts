import { type EventContract, type FactOf, MosaicError } from '@mosaic/proto';
import { JetStreamApiError, type JetStreamClient, type JetStreamManager } from '@nats-io/jetstream';
import {
  type MsgHdrs,
  PermissionViolationError,
  RequestError,
  TimeoutError,
} from '@nats-io/transport-node';
import type { BusCore } from '../connection/bus-core.ts';
import { checked, decoded } from '../message/codec.ts';
import { readFact } from '../message/read-received.ts';
import type { Delivery } from '../port.ts';

/** What everything about facts works with. */
export interface EventCore extends BusCore {
  readonly jetstream: JetStreamClient;
  readonly manager: JetStreamManager;
}

/** The stream that keeps an event. Throws bad_configuration for an event that is only heard live. */
export function streamOf(event: EventContract): string {
  if (event.stream !== null) return event.stream;
  throw new MosaicError('bad_configuration', `${event.subject} is not kept in a stream.`);
}

export interface StoredMessage {
  readonly subject: string;
  readonly data: Uint8Array;
  readonly headers?: MsgHdrs | undefined;
  readonly streamSeq: number;
  readonly deliveryCount: number;
}

/** Reads a stored message; throws when it is not of the contract. */
export function deliveryOf<E extends EventContract>(
  core: BusCore,
  event: E,
  stored: StoredMessage,
): Delivery<FactOf<E>> {
  const received = readFact(core, event, stored);
  const fact: FactOf<E> = checked<E['fact']>(event.fact, decoded(stored.data), {
    what: `A fact on ${event.subject}`,
    code: 'internal',
  });
  return {
    ...received,
    fact,
    streamSeq: stored.streamSeq,
    deliveryCount: stored.deliveryCount,
  };
}

/** Error numbers of JetStream (`err_code`) that mean something of ours. */
const wrongLastSequence = 10_071;
const wrongLastSequenceUnknown = 10_164;

/** True for failures that the same message may survive when it is sent again. */
export function mayPass(thrown: unknown): boolean {
  if (thrown instanceof JetStreamApiError) return thrown.status === 503;
  if (refusalIn(thrown) !== undefined) return false;
  return thrown instanceof Error && (isTimeout(thrown) || isNobodyThere(thrown));
}

/** An error of the JetStream client as one of ours. */
export function eventError(thrown: unknown): MosaicError {
  if (thrown instanceof MosaicError) return thrown;
  if (thrown instanceof JetStreamApiError) {
    const isStale = thrown.code === wrongLastSequence || thrown.code === wrongLastSequenceUnknown;
    if (isStale) return new MosaicError('conflict', undefined, { cause: thrown });
  }
  const refusal = refusalIn(thrown);
  if (refusal !== undefined) {
    return new MosaicError(
      'forbidden',
      `The bus refuses ${refusal.operation} of ${refusal.subject}.`,
    );
  }
  return new MosaicError('service_unavailable', 'The bus could not keep or read this.', {
    cause: thrown,
  });
}

function isTimeout(error: Error): boolean {
  return error instanceof TimeoutError || error.cause instanceof TimeoutError;
}

function isNobodyThere(error: Error): boolean {
  const inner = error.cause instanceof RequestError ? error.cause : error;
  return inner instanceof RequestError;
}

function refusalIn(thrown: unknown): PermissionViolationError | undefined {
  for (let error: unknown = thrown; error instanceof Error; error = error.cause) {
    if (error instanceof PermissionViolationError) return error;
  }
  return undefined;
}
