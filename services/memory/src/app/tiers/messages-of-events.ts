import type { ConversationEvent } from '@mosaic/proto';
import { projectEvent } from '../project-event.ts';
import { storableText } from '../storable-text.ts';

/** A message as the projection keeps it. */
export interface ProjectedMessage {
  readonly id: string;
  readonly role: 'user' | 'assistant';
  readonly text: string;
  readonly at: string;
}

/**
 * The messages that the projection makes of events, for those that come one portion after the other.
 * Call `add` with all events of a conversation in order; `messages` are then the rows as they were.
 */
export function collectMessages() {
  const messages = new Map<string, ProjectedMessage>();
  return {
    messages: messages as ReadonlyMap<string, ProjectedMessage>,
    add(event: ConversationEvent): void {
      const { message } = projectEvent(undefined, event);
      if (message === null) return;
      if (message.kind === 'remove') {
        messages.delete(message.id);
        return;
      }
      const { id, role } = message;
      const text = storableText(message.text);
      const before = messages.get(id);
      const whole = before === undefined ? text : `${before.text}\n\n${text}`;
      // Who wrote it stays with the first part, as in the table.
      messages.set(id, { id, role: before?.role ?? role, text: whole, at: event.at });
    },
  };
}
