import { APIError } from 'openai';
import { faultFromAnswer, faultFromThrown } from '../app/vendor/vendor-fault.ts';
import type { VendorFault } from '../app/vendor/vendor-port.ts';

/** The error object of an answer or of a chunk, as far as it can be read. */
export interface WireError {
  readonly status: number | undefined;
  readonly code: string;
  readonly message: string;
  readonly headers: Headers | undefined;
  readonly body: Readonly<Record<string, unknown>>;
}

/**
 * Explains what the SDK threw. `explainChunk` reads errors that arrived inside a stream, which have
 * no status; `explainAnswer` may know more about an answer than its status says.
 */
export function explainOpenAiError(
  thrown: unknown,
  explainChunk: (error: WireError) => VendorFault,
  explainAnswer: (error: WireError) => VendorFault | undefined = () => undefined,
): VendorFault {
  if (!(thrown instanceof APIError)) return faultFromThrown(thrown);
  const body = readBody(thrown.error);
  const code = String(body['code'] ?? thrown.code ?? '');
  const { status, headers } = thrown;
  const message = typeof body['message'] === 'string' ? body['message'] : thrown.message;
  const error: WireError = { status, code, message, headers, body };
  if (status !== undefined) return explainAnswer(error) ?? faultFromAnswer({ ...error, status });
  if (thrown.error !== undefined) return explainChunk(error);
  return faultFromThrown(thrown);
}

function readBody(body: unknown): Readonly<Record<string, unknown>> {
  if (typeof body === 'string') return { message: body };
  if (typeof body !== 'object' || body === null) return {};
  return { ...body };
}
