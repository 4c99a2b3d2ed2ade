import { anyReply, request } from './request.ts';

export interface Credentials {
  readonly email: string;
  readonly password: string;
}

/** Sets the session cookie. */
export async function signIn(credentials: Credentials): Promise<void> {
  await request('/api/auth/sign-in/email', { method: 'POST', body: credentials, reply: anyReply });
}

/** Opens an account and signs in; the first account becomes the administrator. */
export async function signUp(account: Credentials & { readonly name: string }): Promise<void> {
  await request('/api/auth/sign-up/email', { method: 'POST', body: account, reply: anyReply });
}

/** Fails with `unauthenticated` when the gateway knows neither token nor cookie. */
export async function askWhoIAm(): Promise<void> {
  await request('/api/me', { reply: anyReply });
}

export async function signOut(): Promise<void> {
  await request('/api/auth/sign-out', { method: 'POST', body: {}, reply: anyReply });
}
