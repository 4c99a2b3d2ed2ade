import type { Failure, FailureContext, WireAnswer } from '../wire/dialect.ts';
import { jsonAnswer } from '../wire/write-json.ts';

interface Refusal {
  readonly status: number;
  readonly type: string;
  readonly message: string;
}

const byStatus: Readonly<Record<number, readonly [type: string, message: string]>> = {
  400: ['invalid_request_error', 'messages: the request is not valid'],
  401: ['authentication_error', 'invalid x-api-key'],
  402: ['billing_error', 'Your credit balance is too low to access the Anthropic API.'],
  403: ['permission_error', 'Your API key does not have permission to use the specified resource.'],
  404: ['not_found_error', 'Not found'],
  413: ['request_too_large', 'Request exceeds the maximum size'],
  429: ['rate_limit_error', 'This request would exceed the rate limit for your organization.'],
  500: ['api_error', 'Internal server error'],
  504: ['timeout_error', 'Request timed out'],
  529: ['overloaded_error', 'Overloaded'],
};

function refuse(failure: Failure): Refusal {
  switch (failure.kind) {
    case 'missing-key':
      return {
        status: 401,
        type: 'authentication_error',
        message: 'x-api-key header is required',
      };
    case 'bad-key':
      return { status: 401, type: 'authentication_error', message: 'invalid x-api-key' };
    case 'unknown-model':
      return { status: 404, type: 'not_found_error', message: `model: ${failure.model}` };
    case 'unknown-path':
      return { status: 404, type: 'not_found_error', message: 'Not found' };
    case 'invalid-request':
      return { status: 400, type: 'invalid_request_error', message: failure.message };
    case 'unanswered-calls':
      return {
        status: 400,
        type: 'invalid_request_error',
        message: `messages: \`tool_use\` ids were found without \`tool_result\` blocks immediately after: ${failure.callIds.join(', ')}. Each \`tool_use\` block must have a corresponding \`tool_result\` block in the next message.`,
      };
    case 'status': {
      const [type, message] = byStatus[failure.status] ?? ['api_error', 'Internal server error'];
      return {
        status: failure.status,
        type: failure.code ?? type,
        message: failure.message ?? message,
      };
    }
    default:
      return failure satisfies never;
  }
}

export function requestId({ id }: FailureContext): string {
  return `req_011${id.slice(0, 21)}`;
}

/** The body of an error, the same as a JSON answer and as an event of a stream. */
export function errorBody(failure: Failure, context: FailureContext) {
  const { type, message } = refuse(failure);
  return { type: 'error', error: { type, message }, request_id: requestId(context) };
}

export function responseHeaders(context: FailureContext): Readonly<Record<string, string>> {
  const reset = '2030-01-01T00:00:00Z';
  return {
    'request-id': requestId(context),
    'anthropic-organization-id': '00000000-0000-4000-8000-000000000000',
    'anthropic-ratelimit-requests-limit': '4000',
    'anthropic-ratelimit-requests-remaining': '3999',
    'anthropic-ratelimit-requests-reset': reset,
    'anthropic-ratelimit-tokens-limit': '400000',
    'anthropic-ratelimit-tokens-remaining': '399000',
    'anthropic-ratelimit-tokens-reset': reset,
  };
}

export function writeFailure(failure: Failure, context: FailureContext): WireAnswer {
  return jsonAnswer(errorBody(failure, context), {
    status: refuse(failure).status,
    headers: responseHeaders(context),
  });
}
