import { useSyncExternalStore } from 'react';

const listeners = new Set<() => void>();

/** Calls back whenever the person goes somewhere, even to the page that is already shown. */
export function onNavigate(listener: () => void): () => void {
  listeners.add(listener);
  window.addEventListener('popstate', listener);
  return () => {
    listeners.delete(listener);
    window.removeEventListener('popstate', listener);
  };
}

/** Goes to another page of this application without loading it anew. */
export function navigate(path: string): void {
  if (path !== `${location.pathname}${location.search}${location.hash}`)
    history.pushState(null, '', path);
  for (const listener of listeners) listener();
}

/** What the address asks for behind `?q=`; empty when nothing. */
export function useQuery(): string {
  return useSyncExternalStore(
    onNavigate,
    () => new URLSearchParams(location.search).get('q') ?? '',
  );
}

/** What the address names behind `#`, without it. */
export function useHash(): string {
  return useSyncExternalStore(onNavigate, () => location.hash.slice(1));
}

export function usePath(): string {
  return useSyncExternalStore(onNavigate, () => location.pathname);
}
