/** Somebody who has shown a valid session or API key. */
export interface Person {
  readonly userId: string;
  readonly name: string;
  readonly email: string;
  readonly role: 'member' | 'admin';
  /** The session or key that was shown; what is dropped when it is revoked. */
  readonly credentialId: string;
  readonly credentialKind: 'session' | 'key';
  /** When the credential ends by itself, in milliseconds; null for never. */
  readonly expiresAtMs: number | null;
}

/** better-auth allows several roles in one string; ours are two. */
export function roleOf(stored: string | null | undefined): Person['role'] {
  return (stored ?? '').split(',').includes('admin') ? 'admin' : 'member';
}
