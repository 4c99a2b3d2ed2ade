import { codeFromStatus, makeFault, readRetryAfterMs } from '../app/vendor/vendor-fault.ts';
import type { VendorFault } from '../app/vendor/vendor-port.ts';
import type { WireError } from '../openai-compatible/explain-error.ts';

/** Errors carry an HTTP status as `code`, in the answer and in a chunk alike. */
export function toFault(error: WireError): VendorFault {
  const status = Number(error.code) || error.status || 500;
  const metadata = readMetadata(error.body['metadata']);
  const message = metadata.raw ? `${error.message}: ${metadata.raw}` : error.message;
  const retryAfterMs = readRetryAfterMs(error.headers);
  // 402 with a wait is a limit on what runs at the same time, not an empty account.
  if (status === 402 && retryAfterMs !== null) {
    return makeFault('provider_rate_limited', message, retryAfterMs);
  }
  const isModeration = status === 403 && Array.isArray(metadata.reasons);
  const code = isModeration ? 'provider_content_filter' : codeFromStatus(status, message);
  return makeFault(
    code === 'provider_failed' && status === 502 ? 'provider_overloaded' : code,
    message,
    retryAfterMs,
  );
}

function readMetadata(metadata: unknown): { raw?: string; reasons?: unknown } {
  if (typeof metadata !== 'object' || metadata === null) return {};
  const raw = 'raw' in metadata && typeof metadata.raw === 'string' ? metadata.raw : undefined;
  const reasons = 'reasons' in metadata ? metadata.reasons : undefined;
  return { ...(raw && { raw }), ...(reasons !== undefined && { reasons }) };
}
