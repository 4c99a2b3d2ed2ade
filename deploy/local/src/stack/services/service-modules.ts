import { fileURLToPath } from 'node:url';
import type { ServiceName } from '@mosaic/proto';
import type { ServiceDefinition } from '@mosaic/service-kit';

/** Where each service's code is; read only when it is started. */
const load: Readonly<Record<ServiceName, () => Promise<ServiceDefinition>>> = {
  gateway: async () => (await import('@mosaic/gateway')).gatewayService,
  router: async () => (await import('@mosaic/router')).routerService,
  agents: async () => (await import('@mosaic/agents')).agentsService,
  providers: async () => (await import('@mosaic/providers')).providersService,
  memory: async () => (await import('@mosaic/memory')).memoryService,
  jobs: async () => (await import('@mosaic/jobs')).jobsService,
};

/** Reads the definition of a service. */
export function loadService(name: ServiceName): Promise<ServiceDefinition> {
  return load[name]();
}

/** The file that runs a service as a process of its own. */
export function serviceMainFile(name: ServiceName): string {
  return fileURLToPath(import.meta.resolve(`@mosaic/${name}`));
}

/**
 * The order of a clean stop: doors first, then who asks others, and those who are asked last, so that
 * a turn that is running can end.
 */
export const stopOrder = ['gateway', 'jobs', 'agents', 'router', 'providers', 'memory'] as const;
