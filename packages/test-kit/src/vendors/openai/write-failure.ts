import type { Failure, FailureContext, StatusFailure, WireAnswer } from '../wire/dialect.ts';
import { jsonAnswer } from '../wire/write-json.ts';

interface Refusal {
  readonly status: number;
  readonly message: string;
  readonly type: string;
  readonly param: string | null;
  readonly code: string | null;
}

const invalid = { status: 400, type: 'invalid_request_error', param: null, code: null };

const quotaMessage =
  'You exceeded your current quota, please check your plan and billing details. For more information on this error, read the docs: https://platform.openai.com/docs/guides/error-codes/api-errors.';

const byStatus: Readonly<Record<number, Omit<Refusal, 'status' | 'param'>>> = {
  401: {
    message: 'Incorrect API key provided.',
    type: 'invalid_request_error',
    code: 'invalid_api_key',
  },
  403: {
    message: 'You are not allowed to sample from this model.',
    type: 'invalid_request_error',
    code: null,
  },
  404: {
    message: 'The requested resource was not found.',
    type: 'invalid_request_error',
    code: null,
  },
  429: {
    message: 'Rate limit reached for requests per minute (RPM): Limit 500, Used 500, Requested 1.',
    type: 'requests',
    code: 'rate_limit_exceeded',
  },
  500: {
    message: 'The server had an error while processing your request. Sorry about that!',
    type: 'server_error',
    code: null,
  },
  503: {
    message: 'The engine is currently overloaded, please try again later',
    type: 'server_error',
    code: null,
  },
};

function refuseStatus({ status, code, message }: StatusFailure): Refusal {
  if (code === 'insufficient_quota') {
    return { status, message: message ?? quotaMessage, type: code, param: null, code };
  }
  const known = byStatus[status] ?? { ...invalid, message: 'The request could not be served.' };
  return {
    status,
    message: message ?? known.message,
    type: known.type,
    param: null,
    code: code ?? known.code,
  };
}

function maskKey(key: string): string {
  return key.length <= 8 ? '*'.repeat(key.length) : `${key.slice(0, 4)}****${key.slice(-4)}`;
}

export function refuse(failure: Failure): Refusal {
  switch (failure.kind) {
    case 'missing-key':
      return {
        ...invalid,
        status: 401,
        message:
          "You didn't provide an API key. You need to provide your API key in an Authorization header using Bearer auth (i.e. Authorization: Bearer YOUR_KEY). You can obtain an API key from https://platform.openai.com/account/api-keys.",
      };
    case 'bad-key':
      return {
        ...invalid,
        status: 401,
        message: `Incorrect API key provided: ${maskKey(failure.key)}. You can find your API key at https://platform.openai.com/account/api-keys.`,
        code: 'invalid_api_key',
      };
    case 'unknown-model':
      return {
        ...invalid,
        status: 404,
        message: `The model \`${failure.model}\` does not exist or you do not have access to it.`,
        code: 'model_not_found',
      };
    case 'unknown-path':
      return {
        ...invalid,
        status: 404,
        message: `Invalid URL (${failure.method} /v1${failure.path})`,
      };
    case 'invalid-request':
      return { ...invalid, message: failure.message, param: failure.field ?? null };
    case 'unanswered-calls':
      return {
        ...invalid,
        message: `An assistant message with 'tool_calls' must be followed by tool messages responding to each 'tool_call_id'. The following tool_call_ids did not have response messages: ${failure.callIds.join(', ')}`,
        param: 'messages',
      };
    case 'status':
      return refuseStatus(failure);
    default:
      return failure satisfies never;
  }
}

export function responseHeaders({ id }: FailureContext): Readonly<Record<string, string>> {
  return {
    'x-request-id': `req_${id}`,
    'openai-processing-ms': '12',
    'openai-version': '2020-10-01',
    'x-ratelimit-limit-requests': '500',
    'x-ratelimit-remaining-requests': '499',
    'x-ratelimit-reset-requests': '120ms',
  };
}

/** The body of an error: a JSON answer, or the data of an event in a chat stream. */
export function errorBody(failure: Failure) {
  const { status: _, ...error } = refuse(failure);
  return { error };
}

export function writeFailure(failure: Failure, context: FailureContext): WireAnswer {
  return jsonAnswer(errorBody(failure), {
    status: refuse(failure).status,
    headers: responseHeaders(context),
  });
}
