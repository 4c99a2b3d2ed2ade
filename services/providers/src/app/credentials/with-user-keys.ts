import type { ModelCard, ProviderName, ProviderStatus } from '@mosaic/proto';
import { hintOf } from '../keys/identify-key.ts';
import type { VendorKey } from '../vendor/vendor-key.ts';

/** A user's own keys, by vendor. */
export type UserKeys = ReadonlyMap<ProviderName, readonly VendorKey[]>;

/** The vendors and models of everybody. */
export interface Catalogue {
  readonly statuses: readonly ProviderStatus[];
  readonly models: readonly ModelCard[];
}

/**
 * Vendors that are there for this user alone: the installation has no key, or a look-alike in the
 * vendor's place, and the user has one.
 */
export function ownVendors(
  statuses: readonly ProviderStatus[],
  keys: UserKeys,
): ReadonlySet<ProviderName> {
  const absent = statuses
    .filter((status) => !status.isConfigured || status.isSimulated)
    .map((status) => status.name);
  return new Set(absent.filter((name) => (keys.get(name) ?? []).length > 0));
}

/**
 * The catalogue as it is for a user with these keys: vendors that lack nothing but a key are there,
 * and so are their models. What the installation has a key for stays as it is.
 */
export function withUserKeys({ models, statuses }: Catalogue, keys: UserKeys): Catalogue {
  const own = ownVendors(statuses, keys);
  return {
    statuses: statuses.map((status) => (own.has(status.name) ? present(status, keys) : status)),
    models: models.map((card) =>
      own.has(card.provider) ? { ...card, isAvailable: true, unavailableReason: null } : card,
    ),
  };
}

/** The models of the vendors that are there for this user alone. */
export function ownModels(catalogue: Catalogue, keys: UserKeys): readonly ModelCard[] {
  const own = ownVendors(catalogue.statuses, keys);
  return withUserKeys(catalogue, keys).models.filter((card) => own.has(card.provider));
}

function present(status: ProviderStatus, keys: UserKeys): ProviderStatus {
  const [first] = keys.get(status.name) ?? [];
  const keyHint = first === undefined ? null : hintOf(first.secret);
  return {
    ...status,
    isConfigured: true,
    isHealthy: true,
    isSimulated: false,
    reason: null,
    keyHint,
  };
}
