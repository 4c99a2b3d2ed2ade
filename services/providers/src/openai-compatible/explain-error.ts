import { APIError } from 'openai';
import { faultFromAnswer, faultFromThrown, withoutMarkup } from '../app/vendor/vendor-fault.ts';
import type { VendorFault } from '../app/vendor/vendor-port.ts';

/** The error object of an answer or of a chunk, as far as it can be read. */
export interface WireError {
  readonly status: number | undefined;
  /** The code, or the type where a host gives no code. */
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
  const { status, headers } = thrown;
  const read = readWireError(thrown.error, thrown.message);
  const error: WireError = { ...read, status, headers };
  if (status !== undefined) return explainAnswer(error) ?? faultFromAnswer({ ...error, status });
  if (thrown.error !== undefined) return explainChunk(error);
  return faultFromThrown(thrown);
}

/** Reads an error object; `otherwise` is the sentence for one that has none. */
export function readWireError(wire: unknown, otherwise = 'The provider failed.'): WireError {
  const body = readBody(wire);
  const { code, type, message } = body;
  return {
    status: undefined,
    code: asWord(code) || asWord(type),
    message: withoutMarkup(typeof message === 'string' && message ? message : otherwise),
    headers: undefined,
    body,
  };
}

function readBody(body: unknown): Readonly<Record<string, unknown>> {
  if (typeof body === 'string') return { message: body };
  if (typeof body !== 'object' || body === null) return {};
  return { ...body };
}

function asWord(value: unknown): string {
  return typeof value === 'string' || typeof value === 'number' ? String(value) : '';
}
