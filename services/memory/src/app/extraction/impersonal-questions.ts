import type { ConversationEvent } from '@mosaic/proto';
import type { ConversationKey } from '../follow-conversation.ts';
import { isPersonal } from './judge-found.ts';

/** Questions heard a moment ago that say nothing of who asked them. */
export interface ImpersonalQuestions {
  hear(key: ConversationKey, event: ConversationEvent): void;
  /** False for those that were not heard here. */
  has(key: ConversationKey, messageId: string): boolean;
}

const mostRemembered = 5_000;

/**
 * Every answer asks whether its question is to be read for memories, and most are not: with this that
 * is known without the database.
 */
export function rememberImpersonal(most = mostRemembered): ImpersonalQuestions {
  const known = new Set<string>();
  const nameOf = ({ userId, conversationId }: ConversationKey, messageId: string) =>
    `${userId}.${conversationId}.${messageId}`;
  return {
    hear(key, event) {
      if (event.type !== 'message.added' || isPersonal(event.text)) return;
      known.add(nameOf(key, event.messageId));
      const [oldest] = known;
      if (known.size > most && oldest !== undefined) known.delete(oldest);
    },
    has: (key, messageId) => known.has(nameOf(key, messageId)),
  };
}
