import { MosaicError } from '@mosaic/proto';
import type { Environment } from '@mosaic/service-kit';
import type { RunningServices, StartServicesOptions } from './running-services.ts';
import { surroundingEnvironment } from './service-environment.ts';
import { serviceMainFile, stopOrder } from './service-modules.ts';
import type { ServicePlan } from './service-plan.ts';
import { superviseService } from './supervise-service.ts';

export interface IsolatedOptions extends StartServicesOptions {
  readonly runDir: string;
  readonly user: Environment;
  readonly say: (sentence: string) => void;
}

/** Services in processes of their own; `failed` rejects when one can't be brought up at all. */
export interface IsolatedServices extends RunningServices {
  readonly failed: Promise<never>;
}

/** A service that ends this often without a pause has something that no restart mends. */
const failuresToGiveUp = 3;

/** Starts each service as a process of its own, and again when it ends by itself. */
export async function runIsolated(
  plans: readonly ServicePlan[],
  options: IsolatedOptions,
): Promise<IsolatedServices> {
  const { promise: failed, reject } = Promise.withResolvers<never>();
  // Only listened to while the stack starts; later a service that fails is merely started again.
  failed.catch(() => {});
  const services = await Promise.all(
    plans.map((plan) => {
      let failures = 0;
      return superviseService({
        name: plan.name,
        main: serviceMainFile(plan.name),
        environment: { ...surroundingEnvironment(options.user), ...plan.environment },
        runDir: options.runDir,
        logsDir: options.logsDir,
        onEnd({ sentence, lastWords }) {
          options.say(sentence);
          failures += 1;
          if (failures < failuresToGiveUp) return;
          const why = lastWords === '' ? `${plan.name} keeps ending while it starts.` : lastWords;
          reject(new MosaicError('service_unavailable', why));
        },
      });
    }),
  );
  return {
    failed,
    async stop() {
      for (const name of stopOrder) await services.find((one) => one.name === name)?.stop();
    },
  };
}
