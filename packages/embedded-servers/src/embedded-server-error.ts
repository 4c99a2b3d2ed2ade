/** Why a server could not be started; `message` says in a sentence what to do about it. */
export type EmbeddedServerErrorCode =
  | 'BINARY_MISSING'
  | 'INSTALL_FAILED'
  | 'DATA_DIR_IN_USE'
  | 'PORT_IN_USE'
  | 'START_FAILED'
  | 'NOT_READY';

/** The one error this package throws. Tell cases apart by `code`, never by text. */
export class EmbeddedServerError extends Error {
  override readonly name = 'EmbeddedServerError';
  readonly code: EmbeddedServerErrorCode;

  constructor(code: EmbeddedServerErrorCode, sentence: string, options?: ErrorOptions) {
    super(sentence, options);
    this.code = code;
  }
}
