import { createContext, useContext, useSyncExternalStore } from 'react';
import type { ChatClient } from './chat-client.ts';
import type { TransportState } from './transport-state.ts';

const ClientContext = createContext<ChatClient | null>(null);
export const ClientProvider = ClientContext.Provider;

export function useClient(): ChatClient {
  const client = useContext(ClientContext);
  if (client === null) throw new Error('useClient needs a ClientProvider above it');
  return client;
}

/** A part of the transport's state; renders again only when that part is another value. */
export function useTransport<Part>(select: (state: TransportState) => Part): Part {
  const client = useClient();
  return useSyncExternalStore(client.subscribe, () => select(client.getState()));
}
