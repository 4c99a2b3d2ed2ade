import { createContext, useContext } from 'react';

const ConversationContext = createContext<string | null>(null);
export const ConversationProvider = ConversationContext.Provider;

/** The conversation that is shown around here; null outside of one. */
export function useConversationId(): string | null {
  return useContext(ConversationContext);
}
