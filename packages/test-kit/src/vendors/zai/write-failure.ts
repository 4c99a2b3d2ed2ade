import type { Failure, FailureContext, WireAnswer } from '../wire/dialect.ts';
import { jsonAnswer } from '../wire/write-json.ts';

interface Refusal {
  readonly status: number;
  readonly code: string;
  readonly message: string;
}

/** Business codes with the HTTP status under which they come, and their message. */
const businessCodes: Readonly<Record<string, readonly [status: number, message: string]>> = {
  '401': [401, 'token expired or incorrect'],
  '500': [500, 'Internal Error'],
  '1000': [401, 'Authentication Failed'],
  '1001': [401, 'Authentication parameter not received in Header, unable to authenticate'],
  '1112': [429, 'Your account has been locked'],
  '1113': [429, 'Insufficient balance or no resource package. Please recharge.'],
  '1210': [400, 'Invalid API parameter, please check the documentation.'],
  '1211': [400, 'Unknown Model, please check the model code.'],
  '1214': [400, 'The messages parameter is illegal. Please check the documentation.'],
  '1220': [403, 'You do not have permission to access this API'],
  '1234': [500, 'Network error, please contact customer service'],
  '1261': [400, 'Prompt exceeds max length'],
  '1301': [400, 'System detected potentially unsafe or sensitive content in input or generation.'],
  '1302': [429, 'High concurrency usage of this API, please reduce concurrency'],
  '1303': [429, 'High frequency usage of this API, please reduce frequency'],
  '1304': [429, 'Daily call limit for this API reached'],
  '1305': [429, 'Rate limit triggered for this API, please try again later'],
  '1308': [429, 'Usage limit reached for 5 hour. Your limit will reset at 2030-01-01 00:00:00'],
  '1309': [429, 'Your GLM Coding Plan package has expired'],
  '1310': [429, 'Weekly limit exhausted. Your limit will reset at 2030-01-01 00:00:00'],
  '1311': [429, 'Your current subscription plan does not yet include access to this model'],
  '1312': [429, 'This model is currently experiencing high traffic. Please try again later'],
  '1313': [429, 'Your account usage triggers the fair use policy'],
};

const codeOfStatus: Readonly<Record<number, string>> = {
  400: '1210',
  401: '401',
  403: '1220',
  404: '1211',
  429: '1302',
};

function byCode(code: string, message?: string): Refusal {
  const [status, words] = businessCodes[code] ?? [500, 'Internal Error'];
  return { status, code, message: message ?? words };
}

export function refuse(failure: Failure): Refusal {
  switch (failure.kind) {
    case 'missing-key':
      return byCode('1001');
    case 'bad-key':
      return byCode('401');
    case 'unknown-model':
      return byCode('1211');
    case 'unknown-path':
      return { status: 404, code: '404', message: 'NOT_FOUND' };
    case 'invalid-request':
      return byCode('1214', failure.message);
    case 'unanswered-calls':
      return byCode('1214');
    case 'status': {
      const code = failure.code ?? codeOfStatus[failure.status] ?? '500';
      return { ...byCode(code, failure.message), status: failure.status };
    }
    default:
      return failure satisfies never;
  }
}

export function requestId({ id }: FailureContext): string {
  return `20261101120000${id.slice(0, 18)}`;
}

export function writeFailure(failure: Failure, _context: FailureContext): WireAnswer {
  // An address that it does not serve: an envelope of the gateway's own, under HTTP 200.
  if (failure.kind === 'unknown-path') {
    return jsonAnswer({ code: 500, msg: '404 NOT_FOUND', success: false });
  }
  const { status, code, message } = refuse(failure);
  return jsonAnswer({ error: { code, message } }, { status });
}
