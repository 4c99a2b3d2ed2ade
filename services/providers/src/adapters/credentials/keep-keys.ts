import {
  MosaicError,
  type OwnCredentials,
  type OwnKey,
  type ProviderName,
  providerNameSchema,
  type RequestOf,
  type saveCredentials,
} from '@mosaic/proto';
import type { Clock } from '@mosaic/service-kit';
import { assertWorthKeeping, type KeyTest, outcomeOf } from '../../app/credentials/judge-test.ts';
import { type KeyUse, noMasterKey, openStoredKey } from '../../app/credentials/open-stored-key.ts';
import type { Sealer } from '../../app/credentials/seal-secret.ts';
import { chooseBase, vendorBase } from '../../app/credentials/vendor-bases.ts';
import { hintOf } from '../../app/keys/identify-key.ts';
import type { CredentialStore, StoredKey } from '../../stores/credential-store.ts';
import type { KeyedProvider, TestKey } from './test-vendor-key.ts';

export interface Keeping {
  readonly store: CredentialStore;
  readonly use: KeyUse;
  readonly testKey: TestKey;
  readonly clock: Clock;
}

export type SaveWish = RequestOf<typeof saveCredentials>;

/**
 * Tests keys and keeps them sealed instead of the user's earlier ones of that vendor. Throws
 * bad_request or bad_configuration when they can't be kept, and what the vendor said when it takes
 * them not.
 */
export async function keepKeys(keeping: Keeping, userId: string, wish: SaveWish): Promise<void> {
  const { clock, store, use } = keeping;
  const { provider } = wish;
  const sealer = assertCanKeep(use, provider);
  // A real key must not reach a look-alike, and what that says of it means nothing.
  const own = use.simulated.has(provider) ? vendorBase(provider) : null;
  const baseUrl = chooseBase(use.bases, { provider, baseUrl: wish.baseUrl ?? own });
  const secrets = [...new Set(wish.keys)];
  const tests = wish.skipTest
    ? []
    : await testAll(keeping, { provider: keyed(provider), baseUrl, secrets });
  assertWorthKeeping(tests);
  const now = new Date(clock.now());
  const rows = secrets.map((secret, position): StoredKey => {
    const test = tests.find((one) => one.secret === secret);
    return {
      ...sealer.seal(secret, { userId, provider, baseUrl }),
      provider,
      position,
      baseUrl,
      hint: hintOf(secret),
      savedAt: now,
      testedAt: test === undefined ? null : now,
      outcome: test === undefined ? 'untested' : outcomeOf(test.fault),
      message: test?.fault?.message ?? null,
    };
  });
  await store.replace(userId, provider, rows);
}

/** Asks the vendor about every kept key and writes down what it said. Throws not_found without one. */
export async function testKeptKeys(
  { clock, store, testKey, use }: Keeping,
  userId: string,
  provider: ProviderName,
): Promise<void> {
  const all = await store.list(userId);
  const stored = all.filter((key) => key.provider === provider);
  if (stored.length === 0) throw new MosaicError('not_found', `You have no key for ${provider}.`);
  const tested = stored.map(async (key) => {
    const opened = openStoredKey(key, userId, use);
    if ('unusableReason' in opened) return;
    const { secret } = opened;
    const fault = await testKey({ provider: keyed(provider), secret, baseUrl: key.baseUrl });
    await store.noteTest(userId, key, {
      testedAt: new Date(clock.now()),
      outcome: outcomeOf(fault),
      message: fault?.message ?? null,
    });
  });
  await Promise.all(tested);
}

/** Everything that a user has kept, as the user may see it. */
export async function showKeptKeys(
  { store, use }: Pick<Keeping, 'store' | 'use'>,
  userId: string,
): Promise<OwnCredentials[]> {
  const stored = await store.list(userId);
  return providerNameSchema.options.flatMap((provider) => {
    const own = stored.filter((key) => key.provider === provider);
    const [first] = own;
    if (first === undefined) return [];
    const keys = own.map((key) => toOwnKey(key, openStoredKey(key, userId, use)));
    return [{ provider, baseUrl: first.baseUrl, keys }];
  });
}

function toOwnKey(key: StoredKey, opened: ReturnType<typeof openStoredKey>): OwnKey {
  return {
    hint: key.hint,
    savedAt: key.savedAt.toISOString(),
    testedAt: key.testedAt?.toISOString() ?? null,
    outcome: key.outcome,
    message: key.message,
    unusableReason: 'unusableReason' in opened ? opened.unusableReason : null,
  };
}

function assertCanKeep({ sealer }: KeyUse, provider: ProviderName): Sealer {
  if (provider === 'ollama') {
    throw new MosaicError('bad_request', 'Ollama runs on a machine of its own and needs no key.');
  }
  if (sealer === undefined) throw new MosaicError('bad_configuration', noMasterKey);
  return sealer;
}

function keyed(provider: ProviderName): KeyedProvider {
  if (provider === 'ollama') throw new MosaicError('bad_request', 'Ollama needs no key.');
  return provider;
}

interface KeysToTest {
  readonly provider: KeyedProvider;
  readonly baseUrl: string | null;
  readonly secrets: readonly string[];
}

function testAll({ testKey }: Keeping, keys: KeysToTest): Promise<KeyTest[]> {
  const { baseUrl, provider, secrets } = keys;
  return Promise.all(
    secrets.map(async (secret) => ({
      secret,
      fault: await testKey({ provider, baseUrl, secret }),
    })),
  );
}
