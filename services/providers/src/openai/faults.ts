import {
  codeFromText,
  faultFromAnswer,
  makeFault,
  readRetryAfterMs,
  readWaitFromText,
} from '../app/vendor/vendor-fault.ts';
import type { VendorFault } from '../app/vendor/vendor-port.ts';
import type { WireError } from '../openai-compatible/explain-error.ts';

const codes = new Map<string, VendorFault['code']>([
  ['rate_limit_exceeded', 'provider_rate_limited'],
  ['insufficient_quota', 'provider_quota'],
  ['billing_hard_limit_reached', 'provider_quota'],
  ['server_error', 'provider_failed'],
  ['server_overloaded', 'provider_overloaded'],
  ['server_is_overloaded', 'provider_overloaded'],
  ['slow_down', 'provider_overloaded'],
  ['vector_store_timeout', 'provider_timeout'],
  ['context_length_exceeded', 'context_too_long'],
  ['image_content_policy_violation', 'provider_content_filter'],
  ['content_policy_violation', 'provider_content_filter'],
  ['bio_policy', 'provider_content_filter'],
  ['invalid_api_key', 'provider_auth'],
  ['model_not_found', 'unknown_model'],
]);

/** An error inside the stream; codes we do not know are faults of the request when they sound so. */
export function toStreamFault(code: string | null | undefined, message: unknown): VendorFault {
  const known = codes.get(code ?? '');
  const waitMs = readWaitFromText(message);
  if (known) return makeFault(known, message, waitMs);
  const isRequestFault = /^invalid_|_image|^image_|unsupported|residency/.test(code ?? '');
  const otherwise = isRequestFault ? 'provider_refused' : 'provider_failed';
  return makeFault(codeFromText(String(message), otherwise), message, waitMs);
}

/** A restricted key gets 401 for what its scopes lack: the key is right (continuedev/continue#10059). */
const missingScopes = /insufficient permissions|missing scopes/i;

/** An answer with an error status: the code says more than the status, where it is a known one. */
export function toAnswerFault(error: WireError): VendorFault | undefined {
  if (error.status === 401 && missingScopes.test(error.message)) {
    return makeFault('provider_forbidden', error.message);
  }
  // "Project … does not have access to model …" comes as 403 with the code `model_not_found`.
  if (error.status === 403) return faultFromAnswer({ ...error, status: error.status });
  const known = codes.get(error.code);
  if (!known || error.status === undefined) return undefined;
  const waitMs = readRetryAfterMs(error.headers) ?? readWaitFromText(error.message);
  if (known === 'provider_failed') return faultFromAnswer({ ...error, status: error.status });
  return makeFault(known, error.message, waitMs);
}
