import type { ReplyOf, sweepRetention } from '@mosaic/proto';
import type { ConversationKey } from './follow-conversation.ts';

/** A late delivery of an event from before the deletion must still meet its trace. */
const keepTraceMs = 86_400_000;

export interface SweepPorts {
  listOwners(): Promise<readonly string[]>;
  removeDeleted(userId: string, deletedBefore: string): Promise<number>;
  listOutdated(
    userId: string,
    untouchedSince: string,
  ): Promise<readonly (ConversationKey & { readonly seq: number })[]>;
  removeOutdated(outdated: ConversationKey & { readonly seq: number }): Promise<boolean>;
  /** Number of the last event in the log; undefined when the log has nothing. */
  lastSeq(key: ConversationKey): Promise<number | undefined>;
  /** Removes the whole log of a conversation. */
  purge(key: ConversationKey): Promise<unknown>;
}

export interface SweepOptions {
  readonly nowMs: number;
  /** Null keeps conversations for ever, however old. */
  readonly untouchedSince: string | null;
}

/**
 * Removes traces of deleted conversations, and conversations untouched for too long with their logs.
 * The log goes first: when the sweep dies in between, the rows are still there for the next one.
 */
export async function sweep(
  ports: SweepPorts,
  options: SweepOptions,
): Promise<ReplyOf<typeof sweepRetention>> {
  const owners = await ports.listOwners();
  const deletedBefore = new Date(options.nowMs - keepTraceMs).toISOString();
  let conversations = 0;
  for (const userId of owners) {
    conversations += await ports.removeDeleted(userId, deletedBefore);
    if (options.untouchedSince === null) continue;
    for (const outdated of await ports.listOutdated(userId, options.untouchedSince)) {
      const lastSeq = await ports.lastSeq(outdated);
      // Somebody has just written to it, and memory has not read that yet.
      if (lastSeq !== undefined && lastSeq !== outdated.seq) continue;
      await ports.purge(outdated);
      if (await ports.removeOutdated(outdated)) conversations += 1;
    }
  }
  return { users: owners.length, conversations };
}
