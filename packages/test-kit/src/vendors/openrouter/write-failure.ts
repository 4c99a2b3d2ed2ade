import type { Failure, FailureContext, WireAnswer } from '../wire/dialect.ts';
import { jsonAnswer } from '../wire/write-json.ts';

interface Refusal {
  readonly code: number;
  readonly message: string;
  readonly metadata?: object;
}

const messages: Readonly<Record<number, string>> = {
  400: 'Bad Request',
  401: 'User not found.',
  402: 'Insufficient credits. Add more using https://openrouter.ai/settings/credits',
  403: 'Your chosen model requires moderation and your input was flagged',
  404: 'No endpoints found matching your data policy.',
  408: 'Request timed out',
  429: 'Rate limit exceeded',
  502: 'Provider returned error',
  503: 'No available model provider meets your routing requirements',
};

function metadataOf({ status, code }: { status: number; code?: string }): { metadata?: object } {
  if (code !== undefined) return { metadata: { error_type: code } };
  if (status !== 502) return {};
  return { metadata: { provider_name: 'Simulated', raw: 'upstream connect error' } };
}

export function refuse(failure: Failure): Refusal {
  switch (failure.kind) {
    case 'missing-key':
      return { code: 401, message: 'No auth credentials found' };
    case 'bad-key':
      return { code: 401, message: 'User not found.' };
    case 'unknown-model':
      return { code: 400, message: `${failure.model} is not a valid model ID` };
    case 'unknown-path':
      return { code: 404, message: 'Not Found' };
    case 'invalid-request':
      return { code: 400, message: failure.message };
    case 'unanswered-calls':
      return {
        code: 400,
        message: 'Provider returned error',
        metadata: {
          provider_name: 'Simulated',
          raw: `No tool output found for function call ${failure.callIds.join(', ')}.`,
        },
      };
    case 'status':
      return {
        code: failure.status,
        message: failure.message ?? messages[failure.status] ?? 'Internal Server Error',
        ...metadataOf(failure),
      };
    default:
      return failure satisfies never;
  }
}

export function generationId({ id }: FailureContext): string {
  return `gen-1771286400-${id.slice(0, 20)}`;
}

/** Before the first token the HTTP status is the code of the error. */
export function writeFailure(failure: Failure, context: FailureContext): WireAnswer {
  const error = refuse(failure);
  const headers = { 'x-generation-id': generationId(context) };
  return jsonAnswer({ error }, { status: error.code, headers });
}
