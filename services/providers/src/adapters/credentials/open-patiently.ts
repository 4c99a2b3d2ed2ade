import { setTimeout as delay } from 'node:timers/promises';
import { MosaicError } from '@mosaic/proto';
import type { Logger } from '@mosaic/service-kit';
import { type KeyUse, noMasterKey } from '../../app/credentials/open-stored-key.ts';
import type { CredentialStore } from '../../stores/credential-store.ts';
import { resealKeys } from './reseal-keys.ts';

const firstRetryMs = 250;
const longestRetryMs = 30_000;

export interface OpeningParts {
  readonly log: Logger;
  readonly store: CredentialStore;
  readonly migrate: () => Promise<void>;
}

export const notOpen = 'Keys of your own can’t be read now: PostgreSQL could not be opened yet.';

export interface Opening {
  readonly isOpen: boolean;
  /** Resolves when it was tried for the first time: nobody waits longer for a database that is away. */
  readonly tried: Promise<void>;
  /** Throws service_unavailable until the tables are there. */
  assertOpen(): void;
  start(use: KeyUse): void;
  stop(): Promise<void>;
}

/** Makes the tables as soon as PostgreSQL is there, then seals anew what an older master key sealed. */
export function openPatiently({ log, migrate, store }: OpeningParts): Opening {
  const stopping = new AbortController();
  const { signal } = stopping;
  const { promise: tried, resolve: tellTried } = Promise.withResolvers<void>();
  let isOpen = false;
  let running = Promise.resolve();
  const untilDone = async (what: string, work: () => Promise<unknown>) => {
    for (let attempt = 0; !signal.aborted; attempt += 1) {
      try {
        await work();
        return;
      } catch (err) {
        log.warn({ err }, `users’ vendor keys: ${what} has to wait`);
        const waitMs = Math.min(longestRetryMs, firstRetryMs * 2 ** Math.min(10, attempt));
        await delay(waitMs, undefined, { signal }).catch(() => undefined);
      }
    }
  };
  const open = async ({ sealer }: KeyUse) => {
    await untilDone('opening the tables', async () => {
      try {
        await migrate();
        isOpen = true;
      } finally {
        tellTried();
      }
    });
    if (!isOpen) return;
    if (sealer === undefined) log.warn(noMasterKey);
    else await untilDone('sealing anew', () => resealKeys(store, sealer, log));
  };
  return {
    get isOpen() {
      return isOpen;
    },
    tried,
    assertOpen() {
      if (!isOpen) throw new MosaicError('service_unavailable', notOpen);
    },
    start(use) {
      running = open(use);
    },
    async stop() {
      stopping.abort();
      await running;
    },
  };
}
