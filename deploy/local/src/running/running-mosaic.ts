import { readFileSync } from 'node:fs';
import { errorBodySchema, MosaicError } from '@mosaic/proto';
import { readLauncherConfig, type SettingOptions } from '../settings/launcher-settings.ts';
import { processEnvironment } from '../settings/process-environment.ts';
import { type DataDirectory, dataDirectoryAt } from '../stack/installation/data-directory.ts';
import { type RunState, requireRunning } from '../stack/installation/run-state.ts';

const askLimitMs = 15_000;

/** The Mosaic that runs from a data directory, asked with the owner's token. */
export interface RunningMosaic {
  readonly directory: DataDirectory;
  readonly state: RunState;
  readonly token: string;
  /** The body of the answer. Throws the gateway's own error, or `service_unavailable`. */
  get(path: string): Promise<unknown>;
  post(path: string, body: unknown, limitMs?: number): Promise<unknown>;
  put(path: string, body: unknown): Promise<unknown>;
  patch(path: string, body: unknown): Promise<unknown>;
  delete(path: string): Promise<unknown>;
}

/** The data directory that options and environment name. */
export function chosenDirectory(options: Pick<SettingOptions, 'data-dir'>): DataDirectory {
  return dataDirectoryAt(readLauncherConfig(processEnvironment(), options).dataDir);
}

/** Finds the running Mosaic. Throws `service_unavailable` with what to do when there is none. */
export function findMosaic(options: Pick<SettingOptions, 'data-dir'>): RunningMosaic {
  const directory = chosenDirectory(options);
  const state = requireRunning(directory);
  const token = readOwnerToken(directory.ownerTokenFile);
  const ask = (path: string, request: RequestInit, limitMs = askLimitMs) => {
    const signal = AbortSignal.timeout(limitMs);
    return askGateway(`${state.url}${path}`, { ...request, signal, headers: headersFor(token) });
  };
  const send = (method: string, body: unknown) => ({ method, body: JSON.stringify(body) });
  return {
    directory,
    state,
    token,
    get: (path) => ask(path, {}),
    post: (path, body, limitMs) => ask(path, send('POST', body), limitMs),
    put: (path, body) => ask(path, send('PUT', body)),
    patch: (path, body) => ask(path, send('PATCH', body)),
    delete: (path) => ask(path, { method: 'DELETE' }),
  };
}

function headersFor(token: string): Record<string, string> {
  return { authorization: `Bearer ${token}`, 'content-type': 'application/json' };
}

function readOwnerToken(path: string): string {
  try {
    return readFileSync(path, 'utf8').trim();
  } catch (cause) {
    throw new MosaicError(
      'unauthenticated',
      `The owner's token can't be read from ${path}: run the command as the user who started Mosaic.`,
      { cause },
    );
  }
}

async function askGateway(url: string, request: RequestInit): Promise<unknown> {
  const answer = await fetch(url, request).catch((cause: unknown) => {
    throw new MosaicError('service_unavailable', `${url} does not answer: see "mosaic status".`, {
      cause,
    });
  });
  const body: unknown = await answer.json().catch(() => undefined);
  if (answer.ok) return body;
  const refused = errorBodySchema.safeParse(body);
  if (refused.success) {
    const { code, details, message } = refused.data.error;
    throw new MosaicError(code, message, { details });
  }
  throw new MosaicError('service_unavailable', `${url} answered with status ${answer.status}.`);
}
