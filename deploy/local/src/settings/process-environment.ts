import type { Environment } from '@mosaic/service-kit';

/** The environment of this process; the only place of the launcher that reads it. */
export function processEnvironment(): Environment {
  return { ...process.env };
}

/**
 * Takes secrets out of this process's own environment once they have been read: what a tool starts
 * later inherits it, and vendors' SDKs look into it by themselves.
 */
export function forgetFromEnvironment(names: readonly string[]): void {
  for (const name of names) delete process.env[name];
}
