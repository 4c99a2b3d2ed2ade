import { constants } from 'node:os';

/** Why and when this process is to stop. */
export interface EndWatch {
  readonly signal: AbortSignal;
  readonly happened: Promise<void>;
  /** The error that nobody caught; undefined when a person asked. */
  readonly cause: unknown;
}

const signals = ['SIGINT', 'SIGTERM', 'SIGHUP'] as const;

/**
 * Watches for the first signal, which asks for a clean stop; a second one ends the process at once.
 * An error that nobody caught leaves a state that nobody knows, and stops everything too.
 */
export function watchForEnd(): EndWatch {
  const ending = new AbortController();
  const { promise: happened, resolve } = Promise.withResolvers<void>();
  let cause: unknown;
  const end = (thrown?: unknown) => {
    if (ending.signal.aborted) return;
    cause = thrown;
    ending.abort();
    resolve();
  };
  for (const name of signals) {
    process.on(name, () => {
      if (ending.signal.aborted) process.exit(128 + constants.signals[name]);
      end();
    });
  }
  process.on('uncaughtException', end);
  process.on('unhandledRejection', end);
  return {
    signal: ending.signal,
    happened,
    get cause() {
      return cause;
    },
  };
}
