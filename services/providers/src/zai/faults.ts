import type { ErrorCode } from '@mosaic/proto';
import { codeFromStatus, makeFault, readRetryAfterMs } from '../app/vendor/vendor-fault.ts';
import type { VendorFault } from '../app/vendor/vendor-port.ts';
import type { WireError } from '../openai-compatible/explain-error.ts';

const businessCodes = new Map<string, ErrorCode>([
  ['1110', 'provider_auth'],
  ['1111', 'provider_auth'],
  ['1112', 'provider_auth'],
  // No balance: comes with status 429, but waiting does not help.
  ['1113', 'provider_quota'],
  ['1120', 'provider_auth'],
  ['1121', 'provider_auth'],
  ['1211', 'unknown_model'],
  ['1234', 'provider_failed'],
  ['1261', 'context_too_long'],
  ['1301', 'provider_content_filter'],
  ['1302', 'provider_rate_limited'],
  ['1303', 'provider_rate_limited'],
  ['1304', 'provider_quota'],
  ['1305', 'provider_overloaded'],
  ['1308', 'provider_quota'],
  ['1309', 'provider_quota'],
  ['1310', 'provider_quota'],
  ['1311', 'unknown_model'],
  ['1312', 'provider_overloaded'],
  ['1313', 'provider_rate_limited'],
]);

/** The vendor's business code says more than the status that goes with it. */
export function toFault(error: WireError): VendorFault {
  const retryAfterMs = readRetryAfterMs(error.headers);
  const known =
    businessCodes.get(error.code) ??
    (/^100[0-4]$/.test(error.code) ? 'provider_auth' : undefined) ??
    (/^121\d$/.test(error.code) ? 'provider_refused' : undefined);
  const code = known ?? codeFromStatus(error.status ?? 500, error.message);
  return makeFault(code, error.message, retryAfterMs);
}
