import type { ConversationSummary, ConversationView } from '@mosaic/proto';

/** A line of the list as it is shown. */
export interface ListLine {
  readonly id: string;
  readonly title: string;
  readonly updatedAt: string | null;
  readonly isPinned: boolean;
}

const untitled = 'New conversation';

/** Its title, or while it has none the beginning of its first message. */
export function titleOf(view: ConversationView): string {
  const first = view.messages.find((message) => message.role === 'user');
  return view.title ?? (first?.role === 'user' ? first.text.slice(0, 60) : untitled);
}

/**
 * The list with what this page knows better: the title of the shown conversation, and the
 * conversation itself while memory has not written it yet.
 */
export function listLines(
  stored: readonly ConversationSummary[],
  shown: ConversationView | undefined,
): readonly ListLine[] {
  const lines = stored.map(({ id, isPinned, title, updatedAt }) => ({
    id,
    title: id === shown?.id && shown.seq > 0 ? titleOf(shown) : (title ?? untitled),
    updatedAt,
    isPinned,
  }));
  if (shown === undefined || shown.isDeleted || shown.isArchived || shown.messages.length === 0) {
    return lines.filter(({ id }) => !(shown?.isDeleted && shown.id === id));
  }
  if (lines.some(({ id }) => id === shown.id)) return lines;
  return [{ id: shown.id, title: titleOf(shown), updatedAt: null, isPinned: false }, ...lines];
}
