import { MosaicError } from '@mosaic/proto';
import type { MsgHdrs, NatsConnection } from '@nats-io/transport-node';
import type { BusLog } from '../bus-log.ts';
import { headerBytes } from '../message/headers.ts';
import type { BusTimings } from '../timings.ts';
import type { ConnectionWatch } from './connection-watch.ts';
import type { Outbox } from './outbox.ts';
import type { ReplyInbox } from './reply-inbox.ts';
import type { WorkTracker } from './work-tracker.ts';

/** What every part of one bus works with. */
export interface BusCore {
  readonly connection: NatsConnection;
  readonly principal: string;
  /** Of the gateway's signature on callers. */
  readonly callerPublicKey: string;
  readonly inboxPrefix: string;
  readonly timings: BusTimings;
  readonly log: BusLog;
  readonly watch: ConnectionWatch;
  readonly outbox: Outbox;
  readonly replies: ReplyInbox;
  readonly work: WorkTracker;
}

export interface Outgoing {
  readonly subject: string;
  readonly data: Uint8Array;
  readonly headers?: MsgHdrs;
  readonly reply?: string;
}

/** Payload limit before the server said its own: its default. */
const usualMaxPayload = 1_048_576;

/**
 * Throws body_too_large when a message is above the server's limit. The server closes the connection
 * of who sends such a message, so it must never get one.
 */
export function assertFits(
  core: BusCore,
  message: Pick<Outgoing, 'data' | 'headers'>,
  reservedBytes = 0,
): void {
  const limit = (core.connection.info?.max_payload ?? usualMaxPayload) - reservedBytes;
  const bytes = message.data.length + headerBytes(message.headers);
  if (bytes <= limit) return;
  throw new MosaicError('body_too_large', `${bytes} bytes are over the bus limit of ${limit}.`);
}

/** Hands a message to the connection. Throws body_too_large, or service_unavailable when closed. */
export function send(core: BusCore, message: Outgoing): void {
  assertFits(core, message);
  const { subject, data, headers, reply } = message;
  try {
    core.connection.publish(subject, data, {
      ...(headers === undefined ? {} : { headers }),
      ...(reply === undefined ? {} : { reply }),
    });
  } catch (cause) {
    throw new MosaicError('service_unavailable', 'The bus is closed.', { cause });
  }
}
