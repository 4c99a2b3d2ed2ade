import type { ConversationEvent, ConversationSummary } from '@mosaic/proto';
import { foldLog } from './rest-message.ts';

/** The line of a conversation in the list, made from its log: as memory makes it. */
export function summarizeLog(
  id: string,
  events: readonly ConversationEvent[],
): ConversationSummary {
  const view = foldLog(id, events);
  const now = new Date(0).toISOString();
  return {
    id,
    title: view.title,
    agent: view.agent,
    model: view.model,
    messageCount: view.messages.length,
    isPinned: view.isPinned,
    isArchived: view.isArchived,
    isIncognito: view.isIncognito,
    tags: [...view.tags],
    seq: view.seq,
    createdAt: events[0]?.at ?? now,
    updatedAt: events.at(-1)?.at ?? now,
  };
}
