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
  if (path !== location.pathname) history.pushState(null, '', path);
  for (const listener of listeners) listener();
}

export function usePath(): string {
  return useSyncExternalStore(onNavigate, () => location.pathname);
}
