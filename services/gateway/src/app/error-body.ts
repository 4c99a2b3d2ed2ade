import type { ErrorBody, MosaicError } from '@mosaic/proto';

/** An error as HTTP and the socket show it: code, sentence, trace; never a stack. */
export function errorBody(error: MosaicError, traceId?: string): ErrorBody {
  return {
    error: {
      code: error.code,
      message: error.message,
      ...(traceId === undefined ? {} : { traceId }),
      ...(error.details === undefined ? {} : { details: error.details }),
    },
  };
}
