/** A conversation and whose it is: ids alone are made by clients. */
export interface OwnedConversation {
  readonly userId: string;
  readonly conversationId: string;
}

/** Conversations of which it is known that no bridge shows them. */
export interface RoomlessConversations {
  has(owned: OwnedConversation): boolean;
  add(owned: OwnedConversation): void;
}

/** An id takes some 100 bytes. */
const mostRemembered = 20_000;

/**
 * Remembers which conversations are in no room of a bridge. That stays so: a room gets a conversation
 * whose id was made for it, before anything is said there. The longest known go first.
 */
export function rememberRoomless(most = mostRemembered): RoomlessConversations {
  const known = new Set<string>();
  const nameOf = ({ userId, conversationId }: OwnedConversation) => `${userId}.${conversationId}`;
  return {
    has: (owned) => known.has(nameOf(owned)),
    add(owned) {
      known.add(nameOf(owned));
      const [oldest] = known;
      if (known.size > most && oldest !== undefined) known.delete(oldest);
    },
  };
}
