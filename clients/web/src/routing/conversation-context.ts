import { createContext, useContext } from 'react';

/** The conversation that is shown around here. */
export interface ShownConversation {
  readonly id: string;
  /** Sends a message of it again: to one model, or null as the conversation says. */
  askAgain(messageId: string, model: string | null): void;
}

const ConversationContext = createContext<ShownConversation | null>(null);
export const ConversationProvider = ConversationContext.Provider;

/** Null outside of a conversation. */
export function useShownConversation(): ShownConversation | null {
  return useContext(ConversationContext);
}
