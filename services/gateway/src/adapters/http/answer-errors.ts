import { MosaicError, toMosaicError } from '@mosaic/proto';
import type { Logger } from '@mosaic/service-kit';
import type { ErrorRequestHandler, RequestHandler } from 'express';
import { z } from 'zod';
import { errorBody } from '../../app/error-body.ts';
import { traceIdOf, traceOf } from './visit.ts';

/** An error as one kind of client knows it. */
export type ErrorForm = (
  error: MosaicError,
  traceId: string,
) => { readonly status: number; readonly body: unknown };

const ourForm: ErrorForm = (error, traceId) => ({
  status: error.status,
  body: errorBody(error, traceId),
});

/** Answers every error in one documented form; what is not ours goes to the log alone. */
export function answerErrors(log: Logger, toForm: ErrorForm = ourForm): ErrorRequestHandler {
  // biome-ignore lint/complexity/useMaxParams: express knows an error handler by its four parameters.
  return (thrown, request, response, _next) => {
    const error = toRequestError(thrown);
    const traceId = traceIdOf(traceOf(response));
    if (error.status >= 500) {
      const { code } = error;
      log.error({ err: error.cause ?? error, code, traceId, path: request.path }, 'failed');
    }
    if (response.headersSent) return void response.destroy();
    const { body, status } = toForm(error, traceId);
    const waitS = retryAfterS(error);
    if (waitS !== undefined) response.set('retry-after', String(waitS));
    response.status(status).json(body);
  };
}

/** Seconds after which trying again can help: for whoever was too quick, not for who has spent it all. */
function retryAfterS({ code, details }: MosaicError): number | undefined {
  const waits = waitSchema.safeParse(details);
  if (code !== 'rate_limited' || !waits.success) return undefined;
  return Math.max(1, Math.ceil(waits.data.retryAfterMs / 1_000));
}

const waitSchema = z.object({ retryAfterMs: z.number() });

/** For addresses that nothing answers to. */
export const refuseUnknownRoute: RequestHandler = (request) => {
  throw new MosaicError('not_found', `There is no ${request.method} ${request.path}.`);
};

/** The body parser and the router of express throw errors of their own, told apart by `type`. */
function toRequestError(thrown: unknown): MosaicError {
  if (thrown instanceof MosaicError || !(thrown instanceof Error)) return toMosaicError(thrown);
  const type = 'type' in thrown ? thrown.type : undefined;
  if (type === 'entity.too.large') return new MosaicError('body_too_large');
  if (type === 'entity.parse.failed') return new MosaicError('bad_json');
  const status = 'status' in thrown ? thrown.status : undefined;
  const isBadRequest = typeof status === 'number' && status >= 400 && status < 500;
  return isBadRequest ? new MosaicError('bad_request') : toMosaicError(thrown);
}
