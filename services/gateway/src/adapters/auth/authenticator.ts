import { createHash } from 'node:crypto';
import { type Caller, MosaicError } from '@mosaic/proto';
import { type Clock, type SignedCaller, signCaller } from '@mosaic/service-kit';
import { CredentialMemory } from '../../app/credential-memory.ts';
import { type Person, roleOf } from '../../app/person.ts';
import { type ApiKeyStore, apiKeyPrefix } from '../../stores/api-keys.ts';
import type { Accounts } from './accounts.ts';
import type { Credential } from './read-credential.ts';

export interface Authenticator {
  /** Who it is. Throws unauthenticated, or service_unavailable when nobody can tell now. */
  identify(credential: Credential | undefined): Promise<Person>;
  /** The person as the other services know them. `via`: where they came in (`web`, `tui`, `api`). */
  callerOf(person: Pick<Person, 'userId' | 'role'>, via: string): SignedCaller;
  /** Something was revoked: the next request with it asks the database again. */
  forget(isMeant: (person: Person) => boolean): void;
  /** Hears when something was revoked here; answers how to stop hearing. */
  onForget(listener: () => void): () => void;
}

export interface AuthenticatorParts {
  readonly accounts: Accounts;
  readonly keys: ApiKeyStore;
  readonly clock: Clock;
  readonly callerSeed: string;
}

/** Tells who somebody is by session or API key, and signs for them on the bus. */
export function makeAuthenticator(parts: AuthenticatorParts): Authenticator {
  const memory = new CredentialMemory();
  const listeners = new Set<() => void>();
  return {
    identify: (credential) => identify(parts, memory, credential),
    callerOf: makeSigner(parts.callerSeed),
    forget(isMeant) {
      memory.forget(isMeant);
      for (const listener of listeners) listener();
    },
    onForget(listener) {
      listeners.add(listener);
      return () => listeners.delete(listener);
    },
  };
}

async function identify(
  parts: AuthenticatorParts,
  memory: CredentialMemory,
  credential: Credential | undefined,
): Promise<Person> {
  if (credential === undefined) throw new MosaicError('unauthenticated');
  const now = parts.clock.now();
  const hash = hashOf(credential);
  const known = memory.fresh(hash, now);
  if (known !== undefined) return known;
  let person: Person | undefined;
  try {
    person = await look(parts, credential);
  } catch (cause) {
    // The database is away: what was valid a while ago is taken to be valid still.
    const stale = memory.stale(hash, now);
    if (stale !== undefined) return stale;
    throw new MosaicError('service_unavailable', 'Nobody can be signed in now; try again soon.', {
      cause,
    });
  }
  if (person === undefined) {
    memory.drop(hash);
    throw new MosaicError('unauthenticated');
  }
  memory.keep(hash, person, now);
  return person;
}

function look(parts: AuthenticatorParts, credential: Credential): Promise<Person | undefined> {
  return credential.kind === 'bearer' && credential.token.startsWith(apiKeyPrefix)
    ? parts.keys.find(credential.token)
    : findSession(parts.accounts, credential);
}

async function findSession(
  accounts: Accounts,
  credential: Credential,
): Promise<Person | undefined> {
  const headers: Record<string, string> =
    credential.kind === 'bearer'
      ? { authorization: `Bearer ${credential.token}` }
      : { cookie: `${credential.name}=${credential.value}` };
  const found = await accounts.api.getSession({ headers: new Headers(headers) });
  if (found === null || found.user.banned === true) return undefined;
  const { session, user } = found;
  return {
    userId: user.id,
    name: user.name,
    email: user.email,
    role: roleOf(user.role),
    credentialId: session.id,
    credentialKind: 'session',
    scopes: [],
    expiresAtMs: session.expiresAt.getTime(),
  };
}

function hashOf(credential: Credential): string {
  const text = credential.kind === 'bearer' ? credential.token : `cookie ${credential.value}`;
  return createHash('sha256').update(text).digest('base64');
}

const maxSigned = 10_000;

/** Signing takes some 0.1 ms and the same people come again. */
function makeSigner(seed: string): Authenticator['callerOf'] {
  const signed = new Map<string, SignedCaller>();
  return (person, via) => {
    const caller: Caller = { userId: person.userId, role: person.role, via };
    const key = `${caller.userId} ${caller.role} ${via}`;
    const known = signed.get(key);
    if (known !== undefined) return known;
    if (signed.size >= maxSigned) signed.clear();
    const made = signCaller(seed, caller);
    signed.set(key, made);
    return made;
  };
}
