import { z } from 'zod';
import { defineEvent } from '../contract.ts';
import { clientIdSchema, idSchema, instantSchema } from '../ids.ts';
import { modelNameSchema } from '../router/decide-route.ts';
import { timeZoneSchema } from '../router/rule-params.ts';

/** Longest message text accepted, in UTF-16 code units; larger things are attachments. */
export const maxMessageChars = 400_000;

/**
 * What happens to a message that comes while a turn runs: it waits for its own turn, or joins the
 * running one before that asks its model again.
 */
export const messageModes = ['queue', 'steer'] as const;

/** A person's message as accepted by the gateway, waiting for its turn. */
export const inboxMessageSchema = z.object({
  conversationId: idSchema,
  messageId: clientIdSchema,
  text: z.string().min(1).max(maxMessageChars),
  model: modelNameSchema.optional(),
  agent: z.string().max(64).optional(),
  mode: z.enum(messageModes).optional(),
  /** Where the person is, as their client says. */
  timeZone: timeZoneSchema.optional(),
  /** Who wrote it, where several people speak as one user: a room of a bridge. */
  speaker: z.string().min(1).max(200).optional(),
  acceptedAt: instantSchema,
});
export type InboxMessage = z.infer<typeof inboxMessageSchema>;

export const inbox = defineEvent({
  subject: 'inbox.{userId}.{conversationId}',
  summary: 'Accepted messages; after the acknowledgement of the stream nothing may lose them.',
  fact: inboxMessageSchema,
  publishedBy: ['gateway'],
  consumedBy: ['agents'],
  stream: 'INBOX',
});
