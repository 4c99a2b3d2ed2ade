import { readFileSync } from 'node:fs';
import { join, resolve } from 'node:path';
import { findLockHolder } from '@mosaic/embedded-servers/lock';
import { processEnvironment } from '../settings/process-environment.ts';
import type { ClientOptions, ClientSettings } from './client-settings.ts';

const repositoryRoot = resolve(import.meta.dirname, '../../../..');

/**
 * The same as `clientSettings` for the usual case, without its schemas: these take 0.6 s and 60 MB,
 * and a prompt should be there at once. Whatever is unusual goes the careful way, which has the words
 * for it. Throws `service_unavailable` as that does.
 */
export async function clientSettingsQuickly(options: ClientOptions): Promise<ClientSettings> {
  const found = findQuickly(options);
  if (found !== undefined) return found;
  const { clientSettings } = await import('./client-settings.ts');
  return clientSettings(options);
}

function findQuickly(options: ClientOptions): ClientSettings | undefined {
  const own = processEnvironment();
  const { MOSAIC_DATA_DIR, MOSAIC_DATA_DIR_FILE, MOSAIC_URL } = own;
  if (MOSAIC_DATA_DIR === '' || MOSAIC_DATA_DIR_FILE !== undefined) return undefined;
  const path = resolve(options['data-dir'] ?? MOSAIC_DATA_DIR ?? join(repositoryRoot, '.mosaic'));
  const url = options.url ?? (MOSAIC_URL || runningUrl(path));
  if (url === undefined) return undefined;
  return { url, token: options.token, env: { ...own, MOSAIC_DATA_DIR: path } };
}

/** The address that the running Mosaic wrote down; undefined when none runs from here. */
function runningUrl(path: string): string | undefined {
  try {
    const state: unknown = JSON.parse(readFileSync(join(path, 'run', 'state.json'), 'utf8'));
    if (typeof state !== 'object' || state === null) return undefined;
    const { pid, url } = { pid: undefined, url: undefined, ...state } as Record<string, unknown>;
    return typeof url === 'string' && pid === findLockHolder(path) ? url : undefined;
  } catch {
    return undefined;
  }
}
