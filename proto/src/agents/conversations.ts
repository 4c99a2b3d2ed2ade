import { z } from 'zod';
import { defineRequest } from '../contract.ts';
import { arrangementChanges } from '../conversation/arrangement.ts';
import { conversationEventSchema } from '../conversation/events.ts';
import { clientIdSchema, idSchema, instantSchema } from '../ids.ts';
import { modelNameSchema } from '../router/decide-route.ts';

const agentName = z.string().min(1).max(64);

export const createConversation = defineRequest({
  subject: 'agents.conversation.create',
  summary: 'Opens a conversation of the caller; the same id twice does nothing.',
  request: z.object({
    conversationId: clientIdSchema,
    title: z.string().max(200).nullable().default(null),
    agent: agentName.optional(),
    model: modelNameSchema.nullable().default(null),
    channel: z.string().max(80).optional(),
    isIncognito: z.boolean().optional(),
  }),
  reply: z.object({ event: conversationEventSchema }),
  servedBy: 'agents',
  calledBy: ['gateway'],
  caller: 'user',
});

export const updateConversation = defineRequest({
  subject: 'agents.conversation.update',
  summary: 'Renames, switches the agent, pins the model (null: back to automatic), or arranges it.',
  request: z.object({
    conversationId: idSchema,
    title: z.string().min(1).max(200).optional(),
    agent: agentName.optional(),
    model: modelNameSchema.nullable().optional(),
    ...arrangementChanges,
    /** A title made by a job never replaces one that a person gave. */
    by: z.enum(['user', 'job']).default('user'),
  }),
  reply: z.object({ events: z.array(conversationEventSchema) }),
  servedBy: 'agents',
  calledBy: ['gateway', 'jobs'],
  caller: 'user',
});

export const deleteConversation = defineRequest({
  subject: 'agents.conversation.delete',
  summary: 'Deletes a conversation of the caller: log, projection and search.',
  request: z.object({ conversationId: idSchema }),
  reply: z.object({ isDeleted: z.boolean() }),
  servedBy: 'agents',
  calledBy: ['gateway'],
  caller: 'user',
});

export const forkConversation = defineRequest({
  subject: 'agents.conversation.fork',
  summary: 'Opens a conversation of the caller that begins with the turns of another of theirs.',
  request: z.object({
    conversationId: idSchema,
    /** Made by the client; asked again with it, what is missing is added and nothing is repeated. */
    forkId: clientIdSchema,
    /** Last message that the fork has, a question or an answer; all when left out. */
    upTo: idSchema.optional(),
  }),
  reply: z.object({ event: conversationEventSchema, seq: z.number().int().positive() }),
  servedBy: 'agents',
  calledBy: ['gateway'],
  caller: 'user',
});

/** A turn of a conversation that was held elsewhere. */
export const importedMessageSchema = z.object({
  id: clientIdSchema,
  role: z.enum(['user', 'assistant']),
  text: z.string(),
  at: instantSchema,
  /** Who answered, as the export names it. */
  model: z.string().min(1).max(200).optional(),
});
export type ImportedMessage = z.infer<typeof importedMessageSchema>;

export const importConversation = defineRequest({
  subject: 'agents.conversation.import',
  summary: 'Opens a conversation of the caller with turns that were held elsewhere, or goes on so.',
  request: z.object({
    /** Made from what is imported, so that importing it again adds nothing. */
    conversationId: clientIdSchema,
    title: z.string().max(200).nullable(),
    createdAt: instantSchema,
    importedFrom: z.string().min(1).max(40),
    /** All of one conversation come in order, in as many requests as they need. */
    messages: z.array(importedMessageSchema).max(500),
  }),
  reply: z.object({
    /** Messages that were not there before. */
    added: z.number().int().nonnegative(),
    seq: z.number().int().positive(),
  }),
  servedBy: 'agents',
  calledBy: ['gateway'],
  caller: 'user',
});
