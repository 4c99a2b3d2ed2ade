import { useCallback, useRef } from 'react';
import { noteOtherModel } from '../rest/feedback.ts';
import type { ShownConversation } from '../routing/conversation-context.ts';
import type { OpenConversation } from '../transport/transport-state.ts';

interface AskAgainParts {
  readonly open: OpenConversation | undefined;
  readonly onSend: (text: string, model?: string) => void;
  readonly onAsked: () => void;
}

/** Sends a message of the open conversation again; the function stays the same one. */
export function useAskAgain(parts: AskAgainParts): ShownConversation['askAgain'] {
  const latest = useRef(parts);
  latest.current = parts;
  return useCallback((messageId: string, model: string | null): void => {
    const { open, onSend, onAsked } = latest.current;
    const asked = open?.view.messages.find((message) => message.id === messageId);
    if (open === undefined || asked?.role !== 'user') return;
    onSend(asked.text, model ?? undefined);
    if (model !== null) noteOtherModel({ conversationId: open.view.id, messageId, model });
    onAsked();
  }, []);
}
