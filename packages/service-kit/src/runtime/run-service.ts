import { toMosaicError } from '@mosaic/proto';
import { createLogger } from './create-logger.ts';
import { processEnvironment } from './environment.ts';
import type { RunningService, ServiceDefinition, Settings } from './port.ts';
import { startService } from './start-service.ts';

const stopSignals = ['SIGTERM', 'SIGINT'] as const;

/**
 * Runs one service as this process: starts it, and on SIGTERM or SIGINT drains and exits with 0.
 * A second signal exits at once. A start that fails prints one sentence and exits with 1.
 */
export async function runService<S extends Settings>(
  definition: ServiceDefinition<S>,
): Promise<void> {
  exitOnEscapedErrors(definition.name);
  const started = start(definition);
  let isStopping = false;
  const stop = () => {
    if (isStopping) process.exit(1);
    isStopping = true;
    // A signal may come while the service is still starting: then it stops as soon as it runs.
    void started.then((service) => service.stop()).then(() => process.exit(0));
  };
  for (const signal of stopSignals) process.on(signal, stop);
  await started;
}

async function start<S extends Settings>(
  definition: ServiceDefinition<S>,
): Promise<RunningService> {
  try {
    return await startService(definition, processEnvironment());
  } catch (thrown) {
    process.stderr.write(`${definition.name} can't start. ${startSentence(thrown)}\n`);
    process.exit(1);
  }
}

/** What a person can act on: the catalogue's errors speak for themselves, others give their message. */
function startSentence(thrown: unknown): string {
  const error = toMosaicError(thrown);
  const cause = error.code === 'internal' ? error.cause : undefined;
  return cause instanceof Error ? `${error.message} (${cause.message})` : error.message;
}

/** An error that nobody caught leaves a state that nobody knows: log it and let the supervisor start anew. */
function exitOnEscapedErrors(service: string): void {
  const log = createLogger('fatal').child({ service });
  const exit = (error: unknown) => {
    log.fatal({ err: error }, 'an error escaped');
    process.exit(1);
  };
  process.on('uncaughtException', exit);
  process.on('unhandledRejection', exit);
}
