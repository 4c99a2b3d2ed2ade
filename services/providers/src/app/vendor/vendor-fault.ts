import type { ErrorCode } from '@mosaic/proto';
import { MosaicError } from '@mosaic/proto';
import type { VendorFault } from './vendor-port.ts';

/** What an HTTP answer of a vendor says about a failure. */
export interface FailedAnswer {
  readonly status: number;
  readonly message: string;
  readonly headers?: Headers | undefined;
}

/** `message` may be whatever a vendor sent in the place of its sentence. */
export function makeFault(
  code: ErrorCode,
  message: unknown,
  retryAfterMs: number | null = null,
): VendorFault {
  const sentence = typeof message === 'string' ? message : 'The provider gave no reason.';
  return { code, message: withoutMarkup(sentence).slice(0, 500), retryAfterMs };
}

/** What a proxy in between answers with is a page; its title says what there is to say. */
export function withoutMarkup(message: string): string {
  if (!/<(?:!doctype|html|head|body)\b/i.test(message)) return message;
  const title = /<title[^>]*>([^<]*)/i.exec(message)?.[1]?.trim();
  return `A web page came instead of an answer${title ? ` (${title})` : ''}.`;
}

/** Nobody behind a web page understood us: it is a proxy's, a network's sign-in, a wrong address. */
export function faultOfPage(page: string): VendorFault {
  return makeFault('provider_unreachable', withoutMarkup(`<html>${page}`));
}

/** The vendor closed the stream politely, but never said that it had finished. */
export const cutFault = makeFault(
  'provider_cut',
  'The provider ended the stream without a finish reason.',
);

/** The word for a permit that came to nothing: it says nothing about the vendor. */
export const notAskedFault = makeFault('cancelled', 'Not asked, or nobody read on.');

// The vendors word it differently, and OpenRouter passes on what any of its upstreams says.
const contextWords = new RegExp(
  [
    /context[ _](?:length|window|size)|maximum context|(?:available|max) context/,
    /(?:prompt|input)(?: is)? too long|prompt exceeds|maximum prompt length|too many (?:input )?tokens/,
    /input token count|input tokens exceed|exceeded model token limit|model(?:'s)? token limit/,
    /reduce the length of (?:the|your) (?:messages|input|prompt)|too large for (?:the )?model/,
  ]
    .map(({ source }) => source)
    .join('|'),
  'i',
);
const filterWords = /content[ _]?(filter|policy|management)|moderation|flagged|safety system/i;
const quotaWords =
  /insufficient[ _](quota|balance|credits)|credit balance|no balance|billing|exceeded your current quota|usage limit/i;

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
  // All five tell a wrong key (401) from a right one that may not do this (403).
  if (status === 403) return codeFromText(message, 'provider_forbidden');
  if (status === 402) return 'provider_quota';
  if (status === 404) return 'unknown_model';
  if (status === 408 || status === 504) return 'provider_timeout';
  // A conflict on the vendor's side: its SDK tries again too.
  if (status === 409) return 'provider_failed';
  if (status === 413) return 'context_too_long';
  if (status === 429) return 'provider_rate_limited';
  if (status === 503 || status === 529) return 'provider_overloaded';
  return status >= 500 ? 'provider_failed' : 'provider_refused';
}

/** A fault from an answer with an error status, with the wait the vendor asks for. */
export function faultFromAnswer(answer: FailedAnswer): VendorFault {
  const message = withoutMarkup(answer.message);
  const code = codeFromStatus(answer.status, message);
  return makeFault(code, message, readRetryAfterMs(answer.headers));
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

/**
 * Reads a wait out of a sentence ("Please try again in 1.5s", "… in 6m0s", "… in 20ms"), in
 * milliseconds: an error inside a stream has no headers. Null when there is none.
 */
export function readWaitFromText(message: unknown): number | null {
  if (typeof message !== 'string') return null;
  const wait = /try again in (?:([\d.]+)h)?(?:([\d.]+)m(?!s))?(?:([\d.]+)s)?(?:([\d.]+)ms)?/i.exec(
    message,
  );
  if (!wait?.slice(1).some((amount) => amount !== undefined)) return null;
  const [hours = 0, minutes = 0, seconds = 0, rest = 0] = wait
    .slice(1)
    .map((one) => Number(one ?? 0));
  const waitMs = ((hours * 60 + minutes) * 60 + seconds) * 1_000 + rest;
  return Number.isFinite(waitMs) ? Math.ceil(waitMs) : null;
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
  // Our own reading of an event that lacks what every such event has; its words help nobody.
  if (error instanceof TypeError && /^Cannot (?:read|use)|is not iterable/.test(error.message)) {
    return makeFault('provider_failed', 'The provider sent something of a form that nobody knows.');
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
