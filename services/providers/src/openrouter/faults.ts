import type { ErrorCode } from '@mosaic/proto';
import { codeFromStatus, makeFault, readRetryAfterMs } from '../app/vendor/vendor-fault.ts';
import type { VendorFault } from '../app/vendor/vendor-port.ts';
import type { WireError } from '../openai-compatible/explain-error.ts';

/** The vendor's own words for what went wrong, the same in all its APIs. */
const codesByType = new Map<string, ErrorCode>([
  ['context_length_exceeded', 'context_too_long'],
  ['payload_too_large', 'context_too_long'],
  ['authentication', 'provider_auth'],
  ['permission_denied', 'provider_auth'],
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
}

/** Errors carry an HTTP status as `code`, in the answer and in a chunk alike. */
export function toFault(error: WireError, nowMs = Date.now()): VendorFault {
  const status = Number(error.code) || error.status || 500;
  const metadata: Metadata = Object(error.body['metadata'] ?? {});
  const { raw } = metadata;
  const message = typeof raw === 'string' && raw ? `${error.message}: ${raw}` : error.message;
  const waitMs = readRetryAfterMs(error.headers, nowMs) ?? readReset(metadata.headers, nowMs);
  const isBudgetInFlight =
    metadata.limit_source === 'openrouter_in_flight_budget' ||
    readRetryAfterMs(error.headers) !== null;
  // 402 with a wait is a limit on what runs at the same time, not an empty account.
  if (status === 402 && isBudgetInFlight)
    return makeFault('provider_rate_limited', message, waitMs);
  return makeFault(codeOf({ status, message, metadata }), message, waitMs);
}

interface Failure {
  readonly status: number;
  readonly message: string;
  readonly metadata: Metadata;
}

function codeOf({ status, message, metadata }: Failure): ErrorCode {
  if (status === 403 && Array.isArray(metadata.reasons)) return 'provider_content_filter';
  const known = codesByType.get(String(metadata.error_type));
  if (known) return known;
  const code = codeFromStatus(status, message);
  return code === 'provider_failed' && status === 502 ? 'provider_overloaded' : code;
}

/** Free models say in the body when their limit ends, in milliseconds since the epoch. */
function readReset(headers: unknown, nowMs: number): number | null {
  const atMs = Number(Object(headers ?? {})['X-RateLimit-Reset']);
  return Number.isFinite(atMs) && atMs > nowMs ? atMs - nowMs : null;
}
