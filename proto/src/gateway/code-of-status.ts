import type { ErrorCode } from '../errors.ts';

const codes: Readonly<Record<number, ErrorCode>> = {
  400: 'bad_request',
  401: 'unauthenticated',
  402: 'budget_exceeded',
  403: 'forbidden',
  404: 'not_found',
  409: 'conflict',
  422: 'bad_request',
  429: 'rate_limited',
  503: 'service_unavailable',
};

/** The error that an HTTP answer without our body stands for, as a proxy or a sign-in route gives it. */
export function codeOfStatus(status: number): ErrorCode {
  return codes[status] ?? 'internal';
}
