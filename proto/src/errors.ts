import { z } from 'zod';

/**
 * The one table of what can go wrong: HTTP status, whether trying again may help, one sentence.
 * `docs/errors.md` is generated from it.
 */
export const errorCatalogue = {
  bad_request: {
    status: 400,
    isRetryable: false,
    sentence: 'The request is not of the documented form.',
  },
  bad_json: { status: 400, isRetryable: false, sentence: 'The body is not valid JSON.' },
  unauthenticated: {
    status: 401,
    isRetryable: false,
    sentence: 'Sign in, or send a valid token or API key.',
  },
  forbidden: { status: 403, isRetryable: false, sentence: 'Your role does not allow this.' },
  not_found: {
    status: 404,
    isRetryable: false,
    sentence: 'There is no such thing, or it is not yours.',
  },
  conflict: {
    status: 409,
    isRetryable: false,
    sentence: 'Somebody else changed this first; read it again.',
  },
  body_too_large: {
    status: 413,
    isRetryable: false,
    sentence: 'The body is larger than the limit.',
  },
  unknown_model: { status: 400, isRetryable: false, sentence: 'No provider offers this model.' },
  unknown_agent: { status: 400, isRetryable: false, sentence: 'There is no agent of this name.' },
  no_model_available: {
    status: 503,
    isRetryable: true,
    sentence: 'No model can answer now: none is configured, healthy and allowed.',
  },
  missing_key: {
    status: 503,
    isRetryable: false,
    sentence: 'The provider has no key; set it and try again.',
  },
  rate_limited: {
    status: 429,
    isRetryable: true,
    sentence: 'Too many requests; wait and try again.',
  },
  budget_exceeded: {
    status: 402,
    isRetryable: false,
    sentence: 'Today’s budget does not allow this answer.',
  },
  deadline_exceeded: {
    status: 504,
    isRetryable: true,
    sentence: 'The answer took longer than allowed.',
  },
  cancelled: { status: 499, isRetryable: false, sentence: 'The request was cancelled.' },
  service_unavailable: {
    status: 503,
    isRetryable: true,
    sentence: 'A part of Mosaic is not reachable now.',
  },
  service_lost: {
    status: 502,
    isRetryable: true,
    sentence: 'The part of Mosaic that was answering went away.',
  },
  provider_auth: { status: 502, isRetryable: false, sentence: 'The provider refused the key.' },
  provider_forbidden: {
    status: 502,
    isRetryable: false,
    sentence: 'The provider knows the key, but does not let it do this.',
  },
  provider_quota: {
    status: 502,
    isRetryable: false,
    sentence: 'The provider account has no balance or quota left.',
  },
  provider_rate_limited: {
    status: 502,
    isRetryable: true,
    sentence: 'The provider asks to slow down.',
  },
  provider_overloaded: { status: 502, isRetryable: true, sentence: 'The provider is overloaded.' },
  provider_refused: {
    status: 502,
    isRetryable: false,
    sentence: 'The provider refused the request.',
  },
  provider_content_filter: {
    status: 502,
    isRetryable: false,
    sentence: 'The provider filtered the content.',
  },
  context_too_long: {
    status: 400,
    isRetryable: false,
    sentence: 'The conversation is longer than the model can read.',
  },
  provider_unreachable: {
    status: 502,
    isRetryable: true,
    sentence: 'The provider could not be reached.',
  },
  provider_timeout: {
    status: 504,
    isRetryable: true,
    sentence: 'The provider was silent for too long.',
  },
  provider_cut: {
    status: 502,
    isRetryable: true,
    sentence: 'The provider ended the stream before the answer was complete.',
  },
  provider_failed: { status: 502, isRetryable: true, sentence: 'The provider failed.' },
  step_limit: {
    status: 500,
    isRetryable: false,
    sentence: 'The agent used all its steps without finishing.',
  },
  storage_full: {
    status: 507,
    isRetryable: false,
    sentence: 'What you may keep here is used up: delete something first.',
  },
  bad_configuration: {
    status: 500,
    isRetryable: false,
    sentence: 'The configuration is not usable.',
  },
  already_running: {
    status: 500,
    isRetryable: false,
    sentence: 'Another Mosaic uses this data directory.',
  },
  missing_program: {
    status: 500,
    isRetryable: false,
    sentence: 'A program that Mosaic needs is not installed.',
  },
  database_newer: {
    status: 500,
    isRetryable: false,
    sentence: 'The database was written by a newer Mosaic.',
  },
  internal: { status: 500, isRetryable: true, sentence: 'Something broke inside Mosaic.' },
} as const;

export type ErrorCode = keyof typeof errorCatalogue;
export const errorCodes = Object.keys(errorCatalogue) as readonly ErrorCode[];

export const errorCodeSchema = z.enum(errorCodes as [ErrorCode, ...ErrorCode[]]);

/** An error as it is stored in the log and shown to people; no stack, no path. */
export const failureSchema = z.object({
  code: errorCodeSchema,
  message: z.string().max(2_000),
  isRetryable: z.boolean(),
  /** When trying again can help, in milliseconds from the failure; left out when nobody knows. */
  retryAfterMs: z.number().int().nonnegative().optional(),
});
export type Failure = z.infer<typeof failureSchema>;

/** The body of every HTTP error and of every error reply on the bus. */
export const errorBodySchema = z.object({
  error: z.object({
    code: errorCodeSchema,
    message: z.string(),
    traceId: z.string().optional(),
    details: z.unknown().optional(),
  }),
});
export type ErrorBody = z.infer<typeof errorBodySchema>;

export interface MosaicErrorOptions {
  readonly details?: unknown;
  readonly cause?: unknown;
}

/** The only error class: told apart by `code`, never by its text. `message` is for people. */
export class MosaicError extends Error {
  override readonly name = 'MosaicError';
  readonly code: ErrorCode;
  readonly details: unknown;

  constructor(code: ErrorCode, message?: string, options: MosaicErrorOptions = {}) {
    super(message ?? errorCatalogue[code].sentence, { cause: options.cause });
    this.code = code;
    this.details = options.details;
  }

  get status(): number {
    return errorCatalogue[this.code].status;
  }

  get isRetryable(): boolean {
    return errorCatalogue[this.code].isRetryable;
  }
}

/** Turns anything thrown into a MosaicError; unknown things become `internal` and keep their cause. */
export function toMosaicError(thrown: unknown): MosaicError {
  if (thrown instanceof MosaicError) return thrown;
  return new MosaicError('internal', undefined, { cause: thrown });
}

/** The storable part of an error. */
export function toFailure(thrown: unknown): Failure {
  const error = toMosaicError(thrown);
  return {
    code: error.code,
    message: error.message.slice(0, 2_000),
    isRetryable: error.isRetryable,
  };
}
