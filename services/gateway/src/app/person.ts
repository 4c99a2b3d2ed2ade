import { MosaicError } from '@mosaic/proto';

/** Somebody who has shown a valid session or API key. */
export interface Person {
  readonly userId: string;
  readonly name: string;
  readonly email: string;
  readonly role: 'member' | 'admin';
  /** The session or key that was shown; what is dropped when it is revoked. */
  readonly credentialId: string;
  readonly credentialKind: 'session' | 'key';
  /**
   * What a key is limited to; empty for everything its owner may. A limited key serves for talking,
   * for administration only with `admin`, and for managing keys only with `keys`.
   */
  readonly scopes: readonly string[];
  /** When the credential ends by itself, in milliseconds; null for never. */
  readonly expiresAtMs: number | null;
}

/** better-auth allows several roles in one string; ours are two. */
export function roleOf(stored: string | null | undefined): Person['role'] {
  return (stored ?? '').split(',').includes('admin') ? 'admin' : 'member';
}

/** A key that leaves `admin` out speaks for a plain member, whoever owns it. */
export function limitRole(role: Person['role'], scopes: readonly string[]): Person['role'] {
  return scopes.length === 0 || scopes.includes('admin') ? role : 'member';
}

/** Throws forbidden for a limited key: it could make itself a key without limits. */
export function assertMayManageKeys({ scopes }: Pick<Person, 'scopes'>): void {
  if (scopes.length === 0 || scopes.includes('keys')) return;
  throw new MosaicError('forbidden', 'This key has no scope "keys".');
}

/** Throws forbidden for any limited key: a vendor's key is money, and where it is sent is a choice. */
export function assertMayManageVendorKeys(person: Pick<Person, 'scopes'>): void {
  if (mayManageVendorKeys(person)) return;
  throw new MosaicError(
    'forbidden',
    'A limited API key has nothing to do with keys of vendors: sign in, or use a key without scopes.',
  );
}

export function mayManageVendorKeys({ scopes }: Pick<Person, 'scopes'>): boolean {
  return scopes.length === 0;
}

type KeyLimits = Pick<Person, 'credentialKind' | 'expiresAtMs' | 'scopes'>;

/** Scopes of a key that somebody makes: a limited key passes on its own limits, or narrower ones. */
export function scopesOfNewKey(
  { scopes }: KeyLimits,
  wished: readonly string[] | undefined,
): readonly string[] {
  if (scopes.length === 0) return wished ?? [];
  if (wished === undefined) return scopes;
  const isNarrower = wished.length > 0 && wished.every((scope) => scopes.includes(scope));
  if (isNarrower) return wished;
  throw new MosaicError('forbidden', 'A limited key makes no key with more scopes than its own.');
}

/** End of a key that somebody makes, in milliseconds; null for never. No key outlives its maker key. */
export function endOfNewKey(
  { credentialKind, expiresAtMs }: KeyLimits,
  wishedMs: number | null,
): number | null {
  if (credentialKind !== 'key' || expiresAtMs === null) return wishedMs;
  return wishedMs === null ? expiresAtMs : Math.min(wishedMs, expiresAtMs);
}
