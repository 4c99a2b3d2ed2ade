import { z } from 'zod';
import { defineRequest } from '../contract.ts';
import { conversationEventSchema } from '../conversation/events.ts';
import { clientIdSchema, idSchema } from '../ids.ts';
import { efforts } from '../providers/stream-completion.ts';
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
  }),
  reply: z.object({ event: conversationEventSchema }),
  servedBy: 'agents',
  calledBy: ['gateway'],
  caller: 'user',
});

export const updateConversation = defineRequest({
  subject: 'agents.conversation.update',
  summary:
    'Renames, switches the agent, pins the model, or sets how models are asked (null: unset).',
  request: z.object({
    conversationId: idSchema,
    title: z.string().min(1).max(200).optional(),
    agent: agentName.optional(),
    model: modelNameSchema.nullable().optional(),
    temperature: z.number().min(0).max(2).nullable().optional(),
    effort: z.enum(efforts).nullable().optional(),
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
