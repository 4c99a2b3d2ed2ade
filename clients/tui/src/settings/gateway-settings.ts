import { readFileSync } from 'node:fs';
import { resolve } from 'node:path';

export type Environment = Readonly<Record<string, string | undefined>>;

/** The repository's folder, so that the command finds the same data from whatever folder it is called. */
const repositoryRoot = resolve(import.meta.dirname, '../../../..');

export function dataDirectory(env: Environment): string {
  const named = env['MOSAIC_DATA_DIR'];
  return named === undefined || named === '' ? resolve(repositoryRoot, '.mosaic') : resolve(named);
}

/** `MOSAIC_URL`, or the gateway of this machine. */
export function gatewayUrl(env: Environment): string {
  return env['MOSAIC_URL'] || `http://127.0.0.1:${env['MOSAIC_PORT'] || '14242'}`;
}

/** The token given, `MOSAIC_TOKEN`, the file it names, or the local owner's token file. */
export function readToken(given: string | undefined, env: Environment): string | undefined {
  if (given !== undefined && given !== '') return given;
  const named = env['MOSAIC_TOKEN'];
  if (named !== undefined && named !== '') return named;
  const file = env['MOSAIC_TOKEN_FILE'] || resolve(dataDirectory(env), 'owner-token');
  try {
    return readFileSync(file, 'utf8').trim() || undefined;
  } catch {
    return undefined;
  }
}
