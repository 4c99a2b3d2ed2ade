import type { ConversationKey, LoggedEvent } from './follow-conversation.ts';

/** Puts events of one conversation that come soon after each other into one piece of work. */
export interface EventGatherer {
  /** Resolves with the number up to which the rows have come. */
  add(key: ConversationKey, logged: LoggedEvent): Promise<number>;
  /** Somebody waits for this conversation: what was gathered is worked on now. */
  hurry(key: ConversationKey): void;
}

interface Batch {
  readonly events: LoggedEvent[];
  readonly done: Promise<number>;
  begin(): void;
}

/**
 * A turn writes three or four events within some milliseconds. In one transaction they cost the
 * database a third, and none of it while the turn's own questions wait for the same session.
 */
export function gatherEvents(
  work: (key: ConversationKey, events: readonly LoggedEvent[]) => Promise<number>,
  lingerMs = 40,
): EventGatherer {
  const open = new Map<string, Batch>();
  const nameOf = ({ userId, conversationId }: ConversationKey) => `${userId}.${conversationId}`;

  const openBatch = (key: ConversationKey): Batch => {
    const { promise: begun, resolve: begin } = Promise.withResolvers<void>();
    const events: LoggedEvent[] = [];
    const timer = setTimeout(begin, lingerMs);
    const done = begun.then(() => {
      clearTimeout(timer);
      open.delete(nameOf(key));
      return work(
        key,
        events.toSorted((one, other) => one.event.seq - other.event.seq),
      );
    });
    const batch = { events, done, begin };
    open.set(nameOf(key), batch);
    return batch;
  };

  return {
    add(key, logged) {
      const batch = open.get(nameOf(key)) ?? openBatch(key);
      batch.events.push(logged);
      return batch.done;
    },
    hurry: (key) => open.get(nameOf(key))?.begin(),
  };
}
