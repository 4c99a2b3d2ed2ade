import { type ErrorBody, errorBodySchema, MosaicError } from '@mosaic/proto';
import { headers, type MsgHdrs } from '@nats-io/transport-node';
import { decoded, encoded } from './codec.ts';
import { headerOf, serviceErrorCodeHeader, serviceErrorHeader } from './headers.ts';
import { traceIdOf } from './trace.ts';

/** Headers can't hold line breaks, and this text is only for tools; the body has all of it. */
const unsafeInHeader = /[^\x20-\x7e]+/g;

/** An error as the reply that carries it. The text of an unknown error never leaves the process. */
export function errorReply(
  error: MosaicError,
  trace: string,
): { readonly headers: MsgHdrs; readonly data: Uint8Array } {
  const made = headers();
  made.set(serviceErrorHeader, error.message.replace(unsafeInHeader, ' ').slice(0, 200) || 'error');
  made.set(serviceErrorCodeHeader, String(error.status));
  const body: ErrorBody = {
    error: {
      code: error.code,
      message: error.message,
      traceId: traceIdOf(trace),
      ...(hasOpenDetails(error) ? { details: error.details } : {}),
    },
  };
  return { headers: made, data: encoded(body) };
}

/** Details of our own mistakes are for the log. */
function hasOpenDetails(error: MosaicError): boolean {
  return error.details !== undefined && error.code !== 'internal';
}

/** True when a reply is an error. */
export function isErrorReply(given: MsgHdrs | undefined): boolean {
  return headerOf(given, serviceErrorCodeHeader) !== undefined;
}

/** Rebuilds the error that the other side replied with. */
export function errorFrom(data: Uint8Array): MosaicError {
  const parsed = errorBodySchema.safeParse(decoded(data));
  if (!parsed.success) return new MosaicError('internal', 'The error reply could not be read.');
  const { code, message, details } = parsed.data.error;
  return new MosaicError(code, message, { details });
}
