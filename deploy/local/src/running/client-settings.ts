import type { Environment } from '@mosaic/service-kit';
import { processEnvironment } from '../settings/process-environment.ts';
import { requireRunning } from '../stack/installation/run-state.ts';
import { chosenDirectory } from './running-mosaic.ts';

export interface ClientOptions {
  readonly url?: string | undefined;
  readonly token?: string | undefined;
  readonly 'data-dir'?: string | undefined;
}

/** Where a client finds its gateway, and what else it reads. */
export interface ClientSettings {
  readonly url: string | undefined;
  readonly token: string | undefined;
  readonly env: Environment;
}

/**
 * An address that was given, else the Mosaic that runs here. Throws `service_unavailable` with what to
 * do when neither is there: a client starts nothing.
 */
export function clientSettings(options: ClientOptions): ClientSettings {
  const { token } = options;
  const own = processEnvironment();
  const given = options.url ?? (own['MOSAIC_URL'] || undefined);
  const directory = chosenDirectory(options);
  const env = { ...own, MOSAIC_DATA_DIR: directory.path };
  return { url: given ?? requireRunning(directory).url, token, env };
}
