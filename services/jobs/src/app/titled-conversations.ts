import type { ConversationEvent } from '@mosaic/proto';

/** A conversation and whose it is: ids alone are made by clients. */
export interface OwnedConversation {
  readonly userId: string;
  readonly conversationId: string;
}

/** Conversations that need no title any more, as far as this process has heard. */
export interface TitledConversations {
  has(owned: OwnedConversation): boolean;
  /** Hears an event of the log; a title in it is one. */
  hear(owned: OwnedConversation, event: ConversationEvent): void;
  /** Its title is being made. */
  add(owned: OwnedConversation): void;
}

const mostRemembered = 20_000;

/**
 * Only the first answer of a conversation without a title asks for one. What another process heard is
 * not known here: then the job is asked for once more, and finds that there is nothing to do.
 */
export function rememberTitled(most = mostRemembered): TitledConversations {
  const known = new Set<string>();
  const nameOf = ({ userId, conversationId }: OwnedConversation) => `${userId}.${conversationId}`;
  const add = (owned: OwnedConversation) => {
    known.add(nameOf(owned));
    const [oldest] = known;
    if (known.size > most && oldest !== undefined) known.delete(oldest);
  };
  return {
    has: (owned) => known.has(nameOf(owned)),
    add,
    hear(owned, event) {
      const hasTitle =
        event.type === 'conversation.renamed' ||
        (event.type === 'conversation.created' && event.title !== null);
      if (hasTitle) add(owned);
    },
  };
}
