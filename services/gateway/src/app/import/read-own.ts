import {
  type ConversationEvent,
  conversationEventSchema,
  type ImportedMessage,
  idSchema,
} from '@mosaic/proto';
import { z } from 'zod';
import { type ImportedConversation, idFrom, maxTitleChars } from './imported-conversation.ts';

/** What `GET /api/conversations/:id/export` answers. */
export const ownExportSchema = z.object({
  conversation: z.object({
    id: idSchema,
    title: z.string().nullable(),
    isArchived: z.boolean().default(false),
  }),
  // An event of a newer Mosaic is left out, and the others still come.
  events: z.array(conversationEventSchema.nullable().catch(null)),
});

/** A conversation of our own export: its questions and answers. Steps of tools are not taken over. */
export function readOwn({
  conversation,
  events: read,
}: z.infer<typeof ownExportSchema>): ImportedConversation {
  const events = read.filter((event) => event !== null);
  const messages = events.flatMap((event): ImportedMessage[] => {
    if (event.type === 'message.added') {
      const id = idFrom('mosaic', conversation.id, event.messageId);
      return [{ id, role: 'user', text: event.text, at: event.at }];
    }
    if (event.type !== 'turn.completed') return [];
    const text = wholeAnswer(events, event.run, event.text);
    const model = `${event.provider}/${event.model}`.slice(0, 200);
    const id = idFrom('mosaic', conversation.id, event.run);
    return [{ id, role: 'assistant', text, at: event.at, model }];
  });
  return {
    conversationId: idFrom('mosaic', conversation.id),
    title: conversation.title?.slice(0, maxTitleChars) ?? null,
    createdAt: events[0]?.at ?? new Date(0).toISOString(),
    importedFrom: 'Mosaic',
    isArchived: conversation.isArchived,
    messages,
  };
}

/** An answer with tools was written in steps. */
function wholeAnswer(events: readonly ConversationEvent[], run: string, last: string): string {
  const steps = events.flatMap((event) =>
    event.type === 'tool.called' && event.run === run ? [event.text] : [],
  );
  return [...steps, last].filter((text) => text !== '').join('\n\n');
}
