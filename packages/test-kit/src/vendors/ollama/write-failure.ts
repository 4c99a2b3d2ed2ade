import type { Failure, WireAnswer } from '../wire/dialect.ts';
import { jsonAnswer } from '../wire/write-json.ts';

const messages: Readonly<Record<number, string>> = {
  400: 'invalid request',
  401: 'unauthorized',
  403: 'forbidden',
  404: 'not found',
  429: 'too many requests',
  500: 'llama runner process has terminated: exit status 2',
  502: 'upstream error',
  503: 'server busy, please try again.  maximum pending requests exceeded',
};

function refuse(failure: Failure): { status: number; message: string } {
  switch (failure.kind) {
    case 'missing-key':
    case 'bad-key':
      return { status: 401, message: 'unauthorized' };
    case 'unknown-model':
      return { status: 404, message: `model '${failure.model}' not found` };
    case 'unknown-path':
      return { status: 404, message: '404 page not found' };
    case 'invalid-request':
      return { status: 400, message: failure.message };
    case 'unanswered-calls':
      return { status: 400, message: 'invalid message sequence' };
    case 'status': {
      const message = failure.message ?? messages[failure.status] ?? 'internal error';
      return { status: failure.status, message };
    }
    default:
      return failure satisfies never;
  }
}

export function errorBody(failure: Failure): { error: string } {
  return { error: refuse(failure).message };
}

export function writeFailure(failure: Failure): WireAnswer {
  const { status, message } = refuse(failure);
  if (failure.kind === 'unknown-path') {
    return {
      status,
      headers: { 'content-type': 'text/plain' },
      chunks: [{ part: 'content', text: message }],
    };
  }
  const headers = { 'content-type': 'application/json; charset=utf-8' };
  return jsonAnswer({ error: message }, { status, headers });
}
