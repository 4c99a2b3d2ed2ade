import { EmbeddedServerError, type EmbeddedServerErrorCode } from '@mosaic/embedded-servers';
import { type ErrorCode, MosaicError, toMosaicError } from '@mosaic/proto';

const codes: Readonly<Record<EmbeddedServerErrorCode, ErrorCode>> = {
  BINARY_MISSING: 'missing_program',
  INSTALL_FAILED: 'missing_program',
  DATA_DIR_IN_USE: 'already_running',
  PORT_IN_USE: 'bad_configuration',
  START_FAILED: 'service_unavailable',
  NOT_READY: 'service_unavailable',
};

/** Brings the embedded servers' errors into the catalogue; others as `toMosaicError` does. */
export function toLauncherError(thrown: unknown): MosaicError {
  if (!(thrown instanceof EmbeddedServerError)) return toMosaicError(thrown);
  return new MosaicError(codes[thrown.code], thrown.message, { cause: thrown });
}

/** The one sentence a person gets, with its code; never a stack. */
export function describeError(thrown: unknown): string {
  const error = toLauncherError(thrown);
  const cause = error.code === 'internal' ? error.cause : undefined;
  const why = cause instanceof Error ? ` ${cause.message}` : '';
  return `${error.message}${why} [${error.code}]`;
}
