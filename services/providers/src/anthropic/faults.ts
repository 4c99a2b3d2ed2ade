import Anthropic from '@anthropic-ai/sdk';
import type { ErrorCode } from '@mosaic/proto';
import {
  codeFromText,
  faultFromAnswer,
  faultFromThrown,
  makeFault,
  readRetryAfterMs,
} from '../app/vendor/vendor-fault.ts';
import type { VendorFault } from '../app/vendor/vendor-port.ts';

const codesByType = new Map<string, ErrorCode>([
  ['authentication_error', 'provider_auth'],
  ['permission_error', 'provider_forbidden'],
  ['billing_error', 'provider_quota'],
  ['not_found_error', 'unknown_model'],
  ['request_too_large', 'context_too_long'],
  ['rate_limit_error', 'provider_rate_limited'],
  ['overloaded_error', 'provider_overloaded'],
  ['timeout_error', 'provider_timeout'],
  ['api_error', 'provider_failed'],
]);

/** Details of a 429 or 402 that no wait cures: a limit on spending, not on speed. */
const spendingLimits = /spend_limit|billing_unavailable|not_billable/;

/** Explains what the SDK threw. An error event after HTTP 200 has no status: its type says what it is. */
export function toFault(thrown: unknown): VendorFault {
  if (!(thrown instanceof Anthropic.APIError)) return faultFromThrown(thrown);
  const message = typeof thrown.apiMessage === 'string' ? thrown.apiMessage : thrown.message;
  const retryAfterMs = readRetryAfterMs(thrown.headers);
  if (spendingLimits.test(thrown.errorCode ?? '')) {
    return makeFault('provider_quota', message, retryAfterMs);
  }
  if (typeof thrown.status === 'number') {
    return faultFromAnswer({ status: thrown.status, message, headers: thrown.headers });
  }
  if (thrown.type === 'invalid_request_error') {
    return makeFault(codeFromText(message, 'provider_refused'), message);
  }
  const code = codesByType.get(thrown.type ?? '');
  if (code) return makeFault(code, message, retryAfterMs);
  // An error event of a type that the vendor added, or without any.
  if (thrown.error !== undefined)
    return makeFault(codeFromText(message, 'provider_failed'), message);
  return faultFromThrown(thrown);
}
