import {
  credentialsChanged,
  MosaicError,
  type OwnCredentials,
  type ProviderName,
} from '@mosaic/proto';
import {
  type Bus,
  type Clock,
  type Logger,
  makePerUserMemory,
  type Stoppable,
} from '@mosaic/service-kit';
import { type KeyUse, noMasterKey, openStoredKey } from '../../app/credentials/open-stored-key.ts';
import { makeSealer } from '../../app/credentials/seal-secret.ts';
import { allowedBases, type Bases } from '../../app/credentials/vendor-bases.ts';
import type { UserKeys } from '../../app/credentials/with-user-keys.ts';
import { identifyKey } from '../../app/keys/identify-key.ts';
import type { VendorKey } from '../../app/vendor/vendor-key.ts';
import type { ProvidersConfig } from '../../settings.ts';
import { type CredentialStore, openCredentialStore } from '../../stores/credential-store.ts';
import type { ProvidersDatabase } from '../../stores/providers-database.ts';
import { type Keeping, keepKeys, type SaveWish, showKeptKeys, testKeptKeys } from './keep-keys.ts';
import { notOpen, type Opening, openPatiently } from './open-patiently.ts';
import { makeKeyTest } from './test-vendor-key.ts';

export interface CredentialParts {
  readonly bus: Bus;
  readonly log: Logger;
  readonly clock: Clock;
  readonly config: ProvidersConfig;
  /** Undefined: there is none, so nobody can keep keys. */
  readonly database: ProvidersDatabase | undefined;
}

/** People's own vendor keys. */
export interface Credentials {
  /**
   * The user's own keys by vendor, as last known when PostgreSQL is away; empty, and never a failure,
   * when they are not known. For every call: remembered for seconds, and dropped when they change.
   */
  keysOf(userId: string): Promise<UserKeys>;
  /** Throws what `keepKeys` throws, and service_unavailable without database. */
  save(userId: string, wish: SaveWish): Promise<OwnCredentials>;
  /** How many keys were there. */
  remove(userId: string, provider: ProviderName): Promise<number>;
  test(userId: string, provider: ProviderName): Promise<OwnCredentials>;
  list(userId: string): Promise<readonly OwnCredentials[]>;
  /** Drops what is remembered of a user whose rows are gone. */
  forget(userId: string): void;
  readonly bases: Bases;
  /** Why no key can be kept now; null when one can. */
  problem(): string | null;
  start(): void;
  stop(): Promise<void>;
}

/** Long enough to spare the database, short enough for a change whose news was lost. */
const freshMs = 15_000;
/** Without PostgreSQL people go on with the keys that they had, but not for ever. */
const staleMs = 3_600_000;
const patienceMs = 1_000;
const firstPatienceMs = 2_500;
const maxUsers = 10_000;

/** Opens the store of people's own keys. */
export function openCredentials(parts: CredentialParts): Credentials {
  const { config, database } = parts;
  if (database === undefined) return closedCredentials(parts);
  const store = openCredentialStore(database);
  const opening = openPatiently({ log: parts.log, store, migrate: () => database.migrate() });
  return serveOpen(parts, { store, opening, use: useOf(config) });
}

function useOf({ masterKeys, simulated, userBases }: ProvidersConfig): KeyUse {
  const [newest, ...older] = masterKeys;
  return {
    sealer: newest === undefined ? undefined : makeSealer([newest, ...older]),
    bases: allowedBases(userBases),
    simulated: new Set(simulated),
  };
}

interface Open {
  readonly store: CredentialStore;
  readonly use: KeyUse;
  readonly opening: Opening;
}

function serveOpen(
  { bus, clock, config, log }: CredentialParts,
  { opening, store, use }: Open,
): Credentials {
  const keeping: Keeping = { store, use, testKey: makeKeyTest(config), clock };
  const tellOnce = makeTellOnce(log);
  const load = async ({ userId }: { readonly userId: string }) => {
    await opening.tried;
    opening.assertOpen();
    return openKeys(await store.list(userId), { userId, use, tellOnce });
  };
  const times = { freshMs, staleMs, patienceMs, firstPatienceMs, maxUsers };
  const memory = makePerUserMemory({ load, clock, ...times });
  let hearing: Stoppable | undefined;

  const changed = (userId: string, provider: ProviderName) => {
    memory.drop(userId);
    try {
      bus.publishLive(credentialsChanged, { provider }, { tokens: { userId } });
    } catch (err) {
      log.warn({ err, userId }, 'others hear of changed keys when theirs are no longer fresh');
    }
  };
  const shown = async (userId: string, provider: ProviderName): Promise<OwnCredentials> => {
    const all = await showKeptKeys(keeping, userId);
    return all.find((one) => one.provider === provider) ?? { provider, baseUrl: null, keys: [] };
  };
  return {
    async keysOf(userId) {
      try {
        return await memory.get({ userId });
      } catch (err) {
        log.warn({ err, userId }, 'own keys can not be read now: the installation’s are used');
        return new Map();
      }
    },
    async save(userId, wish) {
      opening.assertOpen();
      await keepKeys(keeping, userId, wish);
      changed(userId, wish.provider);
      return shown(userId, wish.provider);
    },
    async remove(userId, provider) {
      opening.assertOpen();
      const removed = await store.remove(userId, provider);
      changed(userId, provider);
      return removed;
    },
    async test(userId, provider) {
      opening.assertOpen();
      await testKeptKeys(keeping, userId, provider);
      return shown(userId, provider);
    },
    async list(userId) {
      opening.assertOpen();
      return showKeptKeys(keeping, userId);
    },
    forget: (userId) => memory.drop(userId),
    bases: use.bases,
    problem() {
      if (!opening.isOpen) return notOpen;
      return use.sealer === undefined ? noMasterKey : null;
    },
    start() {
      hearing = bus.subscribe(credentialsChanged, (_fact, { tokens }) => {
        memory.drop(tokens['userId'] ?? '');
      });
      opening.start(use);
    },
    async stop() {
      await Promise.all([hearing?.stop(), opening.stop()]);
    },
  };
}

type StoredKeys = Awaited<ReturnType<CredentialStore['list']>>;
type TellOnce = (about: { readonly userId: string; readonly unusableReason: string }) => void;

interface Reading {
  readonly userId: string;
  readonly use: KeyUse;
  readonly tellOnce: TellOnce;
}

/** The keys that can be used; of the others the log tells why. */
function openKeys(stored: StoredKeys, { tellOnce, use, userId }: Reading): UserKeys {
  const keys = new Map<ProviderName, VendorKey[]>();
  for (const key of stored) {
    const { baseUrl, provider } = key;
    const opened = openStoredKey(key, userId, use);
    if ('unusableReason' in opened) {
      tellOnce({ userId, ...opened });
      continue;
    }
    const { secret } = opened;
    const own: VendorKey = { id: identifyKey(provider, secret), secret, baseUrl, owner: 'user' };
    keys.set(provider, [...(keys.get(provider) ?? []), own]);
  }
  return keys;
}

const maxTold = 1_000;

/** Keys are read every few seconds: what is wrong with one is said once. */
function makeTellOnce(log: Logger): TellOnce {
  const told = new Set<string>();
  return ({ unusableReason, userId }) => {
    const line = `${userId} ${unusableReason}`;
    if (told.has(line)) return;
    if (told.size >= maxTold) told.clear();
    told.add(line);
    log.warn({ userId, unusableReason }, 'a kept key is not used');
  };
}

function closedCredentials({ config }: CredentialParts): Credentials {
  const why = 'Keys of your own can’t be kept here: providers has no DATABASE_URL.';
  const refuse = async () => {
    throw new MosaicError('service_unavailable', why);
  };
  const ignore = async () => {};
  return {
    keysOf: async () => new Map(),
    save: refuse,
    remove: refuse,
    test: refuse,
    list: async () => [],
    forget: () => {},
    bases: allowedBases(config.userBases),
    problem: () => why,
    start: () => {},
    stop: ignore,
  };
}
