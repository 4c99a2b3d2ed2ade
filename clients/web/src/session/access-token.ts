import { tokenFromHash } from './token-from-hash.ts';

const storageKey = 'mosaic.token';

/** Moves the token of a `#token=…` link into this tab's storage and out of the address bar. */
export function takeTokenFromUrl(): void {
  const token = tokenFromHash(location.hash);
  if (token === null) return;
  sessionStorage.setItem(storageKey, token);
  history.replaceState(null, '', location.pathname + location.search);
}

/** The bearer token of this tab; null when the session cookie is used instead. */
export function readAccessToken(): string | null {
  return sessionStorage.getItem(storageKey);
}

export function keepAccessToken(token: string): void {
  sessionStorage.setItem(storageKey, token);
}

export function forgetAccessToken(): void {
  sessionStorage.removeItem(storageKey);
}
