import type { Environment } from './port.ts';

/** The environment of this process; the only place of the kit that reads it. */
export function processEnvironment(): Environment {
  return process.env;
}
