import { MosaicError } from '@mosaic/proto';
import { createLogger, type RunningService, startService } from '@mosaic/service-kit';
import { toLauncherError } from '../../command-line/describe-error.ts';
import type { RunningServices, StartServicesOptions } from './running-services.ts';
import { logSinkFor } from './service-logs.ts';
import { stopOrder } from './service-modules.ts';
import type { ServicePlan } from './service-plan.ts';

/**
 * Starts all services in this process, each with its own bus connection. When one does not start,
 * the others are stopped again and the error tells the problems of all.
 */
export async function runInProcess(
  plans: readonly ServicePlan[],
  { logsDir, logLevel }: StartServicesOptions,
): Promise<RunningServices> {
  const sinks = plans.map((plan) => logSinkFor(plan.name, logsDir));
  const started = await Promise.allSettled(
    plans.map(({ definition, environment }, index) =>
      startService(definition, environment, { log: createLogger(logLevel, sinks[index]) }),
    ),
  );
  const running = started.flatMap((one) => (one.status === 'fulfilled' ? [one.value] : []));
  const stop = async () => {
    await stopInOrder(running);
    for (const sink of sinks) sink.close();
  };
  const failures = started.flatMap((one, index) =>
    one.status === 'rejected' ? [{ name: plans[index]?.name ?? '', thrown: one.reason }] : [],
  );
  if (failures.length === 0) return { stop };
  await stop();
  throw combine(failures);
}

async function stopInOrder(running: readonly RunningService[]): Promise<void> {
  for (const name of stopOrder) await running.find((one) => one.name === name)?.stop();
}

function combine(failures: readonly { name: string; thrown: unknown }[]): MosaicError {
  const errors = failures.map(({ name, thrown }) => ({ name, error: toLauncherError(thrown) }));
  const sentences = errors.map(({ name, error }) => {
    const why = error.code === 'internal' && error.cause instanceof Error ? error.cause : error;
    return `${name} can't start: ${why.message}`;
  });
  const code = errors[0]?.error.code ?? 'internal';
  return new MosaicError(code, sentences.join('\n'), { cause: errors[0]?.error });
}
