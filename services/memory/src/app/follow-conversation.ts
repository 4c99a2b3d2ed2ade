import type { ConversationEvent } from '@mosaic/proto';

/** An event and where it stands in the stream. */
export interface LoggedEvent {
  readonly event: ConversationEvent;
  readonly streamSeq: number;
}

/** Whose conversation it is; from the subject of the log, which only `agents` can write to. */
export interface ConversationKey {
  readonly userId: string;
  readonly conversationId: string;
}

/** Where the rows of a conversation stand after an attempt. */
export interface Applied {
  /** Last event applied; 0 before the first. */
  readonly seq: number;
  readonly streamSeq: number;
}

export interface FollowPorts {
  /** Applies, in one transaction, those events that come next; skips known ones, stops at a gap. */
  apply(key: ConversationKey, events: readonly LoggedEvent[]): Promise<Applied>;
  /** Everything in the log of the conversation behind a stream sequence. */
  readLog(key: ConversationKey, afterStreamSeq: number): Promise<readonly LoggedEvent[]>;
}

/**
 * Brings the rows of one conversation up to delivered events, the oldest first. Deliveries may come
 * twice, late or ahead of others: known ones change nothing, and what is missing before one is read
 * from the log. Answers how far the rows have come: less than was delivered when the log itself can't
 * fill a gap.
 */
export async function followConversation(
  ports: FollowPorts,
  key: ConversationKey,
  delivered: readonly LoggedEvent[],
): Promise<number> {
  const wanted = delivered.at(-1)?.event.seq ?? 0;
  const applied = await ports.apply(key, delivered);
  if (applied.seq >= wanted) return applied.seq;
  const missing = await ports.readLog(key, applied.streamSeq);
  const caughtUp = await ports.apply(key, missing);
  if (caughtUp.seq >= wanted) return caughtUp.seq;
  // A log that was restored from a backup has other stream sequences than the rows remember.
  const whole = await ports.readLog(key, 0);
  return (await ports.apply(key, whole)).seq;
}
