import type { ErrorCode } from '@mosaic/proto';
import { MosaicError } from '@mosaic/proto';
import type { VendorFault } from './vendor-port.ts';

/** What an HTTP answer of a vendor says about a failure. */
export interface FailedAnswer {
  readonly status: number;
  readonly message: string;
  readonly headers?: Headers | undefined;
}

export function makeFault(
  code: ErrorCode,
  message: string,
  retryAfterMs: number | null = null,
): VendorFault {
  return { code, message: message.slice(0, 500), retryAfterMs };
}

/** The vendor closed the stream politely, but never said that it had finished. */
export const cutFault = makeFault(
  'provider_cut',
  'The provider ended the stream without a finish reason.',
);

/** The word for a permit that came to nothing: it says nothing about the vendor. */
export const notAskedFault = makeFault('cancelled', 'Not asked, or nobody read on.');

// The vendors word it differently; these are the phrases of the five we speak to.
const contextWords =
  /context[ _](length|window|size)|maximum context|prompt is too long|input is too long|too many (input )?tokens|exceeds? the (available )?context|prompt exceeds/i;
const filterWords = /content[ _]?(filter|policy|management)|moderation|flagged|safety system/i;
const quotaWords =
  /insufficient[ _](quota|balance|credits)|credit balance|no balance|billing|exceeded your current quota/i;

/** Which request faults a 400 hides behind its text. */
export function codeFromText(message: string, otherwise: ErrorCode): ErrorCode {
  if (contextWords.test(message)) return 'context_too_long';
  if (filterWords.test(message)) return 'provider_content_filter';
  return otherwise;
}

/** Maps an HTTP status with its text to our catalogue. */
export function codeFromStatus(status: number, message: string): ErrorCode {
  if (quotaWords.test(message) && [400, 402, 403, 429].includes(status)) return 'provider_quota';
  if (status === 400 || status === 422) return codeFromText(message, 'provider_refused');
  if (status === 401) return 'provider_auth';
  if (status === 403) return codeFromText(message, 'provider_auth');
  if (status === 402) return 'provider_quota';
  if (status === 404) return 'unknown_model';
  if (status === 408 || status === 504) return 'provider_timeout';
  if (status === 413) return 'context_too_long';
  if (status === 429) return 'provider_rate_limited';
  if (status === 503 || status === 529) return 'provider_overloaded';
  return status >= 500 ? 'provider_failed' : 'provider_refused';
}

/** A fault from an answer with an error status, with the wait the vendor asks for. */
export function faultFromAnswer(answer: FailedAnswer): VendorFault {
  const code = codeFromStatus(answer.status, answer.message);
  return makeFault(code, answer.message, readRetryAfterMs(answer.headers));
}

/** Reads `retry-after-ms`, or `retry-after` in seconds or as a date; null when absent or unreadable. */
export function readRetryAfterMs(headers: Headers | undefined, nowMs = Date.now()): number | null {
  const exact = headers?.get('retry-after-ms');
  if (exact && Number.isFinite(Number(exact))) return Math.max(0, Number(exact));
  const value = headers?.get('retry-after');
  if (!value) return null;
  const seconds = Number(value);
  if (Number.isFinite(seconds)) return Math.max(0, seconds * 1_000);
  const at = Date.parse(value);
  return Number.isNaN(at) ? null : Math.max(0, at - nowMs);
}

const connectCodes = new Set([
  'ECONNREFUSED',
  'ENOTFOUND',
  'EAI_AGAIN',
  'EHOSTUNREACH',
  'ENETUNREACH',
  'UND_ERR_CONNECT_TIMEOUT',
]);
const silenceCodes = new Set(['UND_ERR_HEADERS_TIMEOUT', 'UND_ERR_BODY_TIMEOUT']);
const cutCodes = new Set(['ECONNRESET', 'EPIPE', 'UND_ERR_SOCKET', 'ERR_STREAM_PREMATURE_CLOSE']);

/** A fault as an error, for adapters that have to throw; the wait travels as its details. */
export function toError({ code, message, retryAfterMs }: VendorFault): MosaicError {
  return new MosaicError(code, message, { details: retryAfterMs });
}

/** A fault for what the network, the parser or the SDK threw, when no answer explains it. */
export function faultFromThrown(thrown: unknown): VendorFault {
  for (const error of causes(thrown)) {
    const fault = faultFromCause(error);
    if (fault) return fault;
  }
  const message = thrown instanceof Error ? thrown.message : 'The provider failed.';
  const isNetwork = /fetch failed|connection error|network/i.test(message);
  return isNetwork
    ? makeFault('provider_unreachable', 'The provider could not be reached.')
    : makeFault('provider_failed', message);
}

function faultFromCause(error: Error): VendorFault | undefined {
  if (error instanceof MosaicError) {
    const waits = typeof error.details === 'number' ? error.details : null;
    return makeFault(error.code, error.message, waits);
  }
  if (error instanceof SyntaxError) {
    return makeFault('provider_failed', 'The provider sent something that is not valid JSON.');
  }
  const code = 'code' in error ? String(error.code) : '';
  if (connectCodes.has(code)) {
    return makeFault('provider_unreachable', `The provider could not be reached (${code}).`);
  }
  if (silenceCodes.has(code)) {
    return makeFault('provider_timeout', 'The provider was silent for too long.');
  }
  if (cutCodes.has(code) || error.message === 'terminated') {
    return makeFault('provider_cut', 'The provider broke the connection in the middle.');
  }
  return undefined;
}

/** An error and what it says caused it, the innermost first: that one knows the reason. */
function causes(thrown: unknown): Error[] {
  const chain: Error[] = [];
  let current = thrown;
  while (current instanceof Error && chain.length < 8) {
    chain.unshift(current);
    current = current.cause;
  }
  return chain;
}
