import { type DestinationStream, type Logger, pino } from 'pino';

export type { Logger };

/** Fields that may hold a key, or what a person wrote; wherever they stand in the first two levels. */
const secretFields = [
  'apiKey',
  'authorization',
  'content',
  'cookie',
  'credentials',
  // PostgreSQL shows the failing row in it.
  'detail',
  'key',
  'keys',
  'password',
  'prompt',
  'secret',
  'seed',
  'text',
  'token',
];

/** Makes the JSON logger of one process; `destination` is the standard output when not given. */
export function createLogger(level: string, destination?: DestinationStream): Logger {
  const options = {
    level,
    base: null,
    timestamp: pino.stdTimeFunctions.isoTime,
    formatters: { level: (label: string) => ({ level: label }) },
    redact: {
      paths: secretFields.flatMap((field) => [field, `*.${field}`, `*.*.${field}`]),
      censor: '[redacted]',
    },
  };
  return destination === undefined ? pino(options) : pino(options, destination);
}
