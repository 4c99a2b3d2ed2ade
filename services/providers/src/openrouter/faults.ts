import type { ErrorCode } from '@mosaic/proto';
import { codeFromStatus, makeFault, readRetryAfterMs } from '../app/vendor/vendor-fault.ts';
import type { VendorFault } from '../app/vendor/vendor-port.ts';
import type { WireError } from '../openai-compatible/explain-error.ts';

/** The vendor's own words for what went wrong, the same in all its APIs. */
const codesByType = new Map<string, ErrorCode>([
  ['context_length_exceeded', 'context_too_long'],
  ['payload_too_large', 'context_too_long'],
  ['authentication', 'provider_auth'],
  ['permission_denied', 'provider_forbidden'],
  ['payment_required', 'provider_quota'],
  ['token_limit_exceeded', 'provider_quota'],
  ['rate_limit_exceeded', 'provider_rate_limited'],
  ['provider_overloaded', 'provider_overloaded'],
  ['provider_unavailable', 'provider_overloaded'],
  ['content_policy_violation', 'provider_content_filter'],
  ['refusal', 'provider_content_filter'],
  ['not_found', 'unknown_model'],
  ['timeout', 'provider_timeout'],
  ['server', 'provider_failed'],
]);

interface Metadata {
  readonly raw?: unknown;
  readonly reasons?: unknown;
  readonly error_type?: unknown;
  readonly limit_source?: unknown;
  readonly headers?: unknown;
  /** The upstream that failed, where it was one. */
  readonly provider_name?: unknown;
  readonly retry_after_seconds?: unknown;
}

/** Errors carry an HTTP status as `code`, in the answer and in a chunk alike. */
export function toFault(error: WireError, nowMs = Date.now()): VendorFault {
  const status = Number(error.code) || error.status || 500;
  const metadata: Metadata = Object(error.body['metadata'] ?? {});
  const { raw } = metadata;
  const message = typeof raw === 'string' && raw ? `${error.message}: ${raw}` : error.message;
  const waitMs = readRetryAfterMs(error.headers, nowMs) ?? readWait(metadata, nowMs);
  const isBudgetInFlight =
    metadata.limit_source === 'openrouter_in_flight_budget' ||
    readRetryAfterMs(error.headers) !== null;
  // 402 with a wait is a limit on what runs at the same time, not an empty account.
  if (status === 402 && isBudgetInFlight)
    return makeFault('provider_rate_limited', message, waitMs);
  const failure = { status, message, metadata };
  const code = codeOf(failure);
  const fault = makeFault(code, message, waitMs);
  return code === 'provider_rate_limited' && isOfModel(failure)
    ? { ...fault, isOfModel: true }
    : fault;
}

interface Failure {
  readonly status: number;
  readonly message: string;
  readonly metadata: Metadata;
}

function codeOf({ status, message, metadata }: Failure): ErrorCode {
  if (status === 403 && Array.isArray(metadata.reasons)) return 'provider_content_filter';
  // An upstream refuses the key that OpenRouter has for it; ours has been let in already.
  if ([401, 403].includes(status) && isOfUpstream(metadata)) return 'provider_forbidden';
  const known = codesByType.get(String(metadata.error_type));
  if (known) return known;
  const code = codeFromStatus(status, message);
  return code === 'provider_failed' && status === 502 ? 'provider_overloaded' : code;
}

/** True for the limit of one upstream, or of free models: the key is good for all others. */
function isOfModel({ message, metadata }: Failure): boolean {
  return isOfUpstream(metadata) || /free-models-per-/.test(message);
}

function isOfUpstream({ provider_name }: Metadata): boolean {
  return typeof provider_name === 'string' && provider_name !== '';
}

/**
 * Waits stand in the body too: an upstream's in seconds, the end of a limit of free models in
 * milliseconds since the epoch.
 */
function readWait({ headers, retry_after_seconds }: Metadata, nowMs: number): number | null {
  const named = Object(headers ?? {});
  const seconds = Number(retry_after_seconds ?? named['Retry-After'] ?? Number.NaN);
  if (Number.isFinite(seconds) && seconds >= 0) return seconds * 1_000;
  const atMs = Number(named['X-RateLimit-Reset']);
  return Number.isFinite(atMs) && atMs > nowMs ? atMs - nowMs : null;
}
