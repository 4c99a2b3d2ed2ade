import { toMosaicError } from '@mosaic/proto';
import { useEffect, useState } from 'react';
import type { Choice } from '../commands/command-context.ts';
import type { Said } from '../commands/use-page-commands.ts';
import { updateConversation } from '../rest/conversations.ts';

interface ChoiceState {
  /** What was chosen for a conversation that is still to be begun. */
  readonly choice: Choice;
  readonly choose: (next: Choice) => void;
}

/** Model and agent: kept here until there is a conversation, told to the gateway once there is one. */
export function useChoice(
  conversationId: string | null,
  onSaid: (said: Said | null) => void,
): ChoiceState {
  const [choice, setChoice] = useState<Choice>({});
  // biome-ignore lint/correctness/useExhaustiveDependencies: chosen for one conversation alone
  useEffect(() => setChoice({}), [conversationId]);
  const choose = (next: Choice): void => {
    onSaid(null);
    if (conversationId === null) {
      setChoice({ ...choice, ...next });
      return;
    }
    updateConversation(conversationId, next).catch((error: unknown) =>
      onSaid({ sentence: toMosaicError(error).message, isProblem: true }),
    );
  };
  return { choice, choose };
}
