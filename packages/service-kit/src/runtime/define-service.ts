import type { ServiceDefinition, Settings } from './port.ts';

/** Declares a service; gives `start` the types of its settings. */
export function defineService<S extends Settings>(
  definition: ServiceDefinition<S>,
): ServiceDefinition<S> {
  return Object.freeze(definition);
}
