import { reservePort } from '@mosaic/embedded-servers';
import { type ServiceName, serviceNames } from '@mosaic/proto';
import {
  type Environment,
  kitSettings,
  type ServiceDefinition,
  serviceCredentials,
} from '@mosaic/service-kit';
import type { InstallationSecrets } from '../installation/installation-secrets.ts';
import { serviceEnvironment } from './service-environment.ts';
import { loadService } from './service-modules.ts';

/** Everything that it takes to start one service, in this process or in one of its own. */
export interface ServicePlan {
  readonly name: ServiceName;
  readonly definition: ServiceDefinition;
  readonly environment: Environment;
  /** Of its health pages, on loopback. */
  readonly healthPort: number;
}

/** Plans all services: each gets a credential of its own and the settings that it declares. */
export function planServices(options: {
  readonly user: Environment;
  readonly launcher: Environment;
  readonly secrets: InstallationSecrets;
}): Promise<readonly ServicePlan[]> {
  return Promise.all(
    serviceNames.map(async (name) => {
      const [definition, credentials, healthPort] = await Promise.all([
        loadService(name),
        serviceCredentials(options.secrets.bus, name),
        reservePort(),
      ]);
      const settings = [...Object.values(kitSettings), ...Object.values(definition.settings)];
      const launcher = {
        ...options.launcher,
        MOSAIC_NATS_CREDENTIALS: credentials,
        MOSAIC_HEALTH_PORT: String(healthPort),
        MOSAIC_HEALTH_HOST: '127.0.0.1',
      };
      const declared = settings.map((setting) => setting.env);
      const environment = serviceEnvironment(name, { declared, user: options.user, launcher });
      return { name, definition, environment, healthPort };
    }),
  );
}
