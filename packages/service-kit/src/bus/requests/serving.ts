import {
  type Contract,
  inboxPrefix,
  MosaicError,
  type RequestContract,
  type StreamContract,
  subjectFilter,
  toMosaicError,
} from '@mosaic/proto';
import type { Msg, Subscription } from '@nats-io/transport-node';
import type { BusCore } from '../connection/bus-core.ts';

export type ServedContract = RequestContract | StreamContract;

/** What one contract did so far, as the service API tells it. */
export interface EndpointStats {
  readonly contract: ServedContract;
  requests: number;
  errors: number;
  lastError: string;
  processingMs: number;
}

export interface Endpoint extends EndpointStats {
  readonly subscription: Subscription;
}

/** Hears a contract's subject in the queue group of its service. `onMessage` must not throw. */
export function listen(
  core: BusCore,
  contract: ServedContract,
  onMessage: (message: Msg, stats: EndpointStats) => void,
): Endpoint {
  const stats = { contract, requests: 0, errors: 0, lastError: '', processingMs: 0 };
  const inboxes = contract.calledBy.map((caller) => `${inboxPrefix(caller)}.`);
  const subscription = core.connection.subscribe(subjectFilter(contract.subject), {
    queue: core.principal,
    callback: (error, message) => {
      if (error === null && !isForInbox(message, inboxes)) {
        core.log.warn({ subject: message.subject }, 'An answer to a foreign address was refused.');
      } else if (error === null) onMessage(message, stats);
      else core.log.error({ err: error, subject: contract.subject }, 'Not allowed to serve.');
    },
  });
  return Object.assign(stats, { subscription });
}

/**
 * The server lets anybody name any reply address: whoever serves would publish there with rights that
 * the asking side does not have, a bridge into the gateway's streams.
 */
function isForInbox({ reply }: Msg, inboxes: readonly string[]): boolean {
  return reply === undefined || reply === '' || inboxes.some((inbox) => reply.startsWith(inbox));
}

/** The error to answer with; an abort that surfaces as the platform's own error gets its reason. */
export function errorToAnswer(thrown: unknown, signal: AbortSignal): MosaicError {
  if (thrown instanceof MosaicError) return thrown;
  if (signal.aborted) return toMosaicError(signal.reason);
  return toMosaicError(thrown);
}

export interface Failed {
  readonly contract: Contract;
  readonly error: MosaicError;
  readonly trace: string;
}

/** Unknown errors never leave the process with their text, so the log must have it. */
export function logFailure(core: BusCore, { contract, error, trace }: Failed): void {
  const fields = { subject: contract.subject, code: error.code, trace };
  if (error.code === 'internal') {
    core.log.error({ ...fields, err: error.cause ?? error, details: error.details }, 'Failed.');
  } else {
    core.log.debug({ ...fields, message: error.message }, 'Answered with an error.');
  }
}
