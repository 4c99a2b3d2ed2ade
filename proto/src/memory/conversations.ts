import { z } from 'zod';
import { defineRequest } from '../contract.ts';
import { tagSchema } from '../conversation/arrangement.ts';
import { conversationEventSchema } from '../conversation/events.ts';
import { idSchema, instantSchema } from '../ids.ts';
import { storageTierSchema } from './storage.ts';

/** A line of the conversation list. */
export const conversationSummarySchema = z.object({
  id: idSchema,
  title: z.string().nullable(),
  agent: z.string(),
  model: z.string().nullable().describe('Pinned model, or null while the router chooses.'),
  messageCount: z.number().int().nonnegative(),
  isPinned: z.boolean().default(false),
  isArchived: z.boolean().default(false),
  isIncognito: z.boolean().default(false),
  tags: z.array(z.string()).default([]),
  seq: z.number().int().nonnegative().describe('Last event known to memory.'),
  createdAt: instantSchema,
  updatedAt: instantSchema,
  tier: storageTierSchema.optional().describe('Left out where memory was not asked.'),
  /** What it was about, as a model wrote it when nobody used it any more. */
  summary: z.string().optional(),
});
export type ConversationSummary = z.infer<typeof conversationSummarySchema>;

const paging = {
  limit: z.number().int().min(1).max(200).default(50),
  cursor: z.string().max(200).optional().describe('`nextCursor` of the page before.'),
};

export const listConversations = defineRequest({
  subject: 'memory.conversation.list',
  summary: "The caller's conversations: pinned ones, then the others, last used first.",
  request: z.object({
    ...paging,
    /** `only`: what was put away; `with`: everything. */
    archived: z.enum(['without', 'only', 'with']).default('without'),
    tag: tagSchema.optional(),
  }),
  reply: z.object({
    conversations: z.array(conversationSummarySchema),
    nextCursor: z.string().nullable(),
  }),
  servedBy: 'memory',
  calledBy: ['gateway', 'agents', 'router'],
  caller: 'user',
});

export const getConversation = defineRequest({
  subject: 'memory.conversation.get',
  summary: "One of the caller's conversations, as of at least `minSeq`.",
  request: z.object({ conversationId: idSchema, minSeq: z.number().int().default(0) }),
  reply: z.object({ conversation: conversationSummarySchema }),
  servedBy: 'memory',
  calledBy: ['gateway', 'agents', 'jobs'],
  caller: 'user',
});

export const listEvents = defineRequest({
  subject: 'memory.event.list',
  summary: "Events of one of the caller's conversations, oldest first, after or before a number.",
  request: z.object({
    conversationId: idSchema,
    afterSeq: z.number().int().nonnegative().default(0),
    beforeSeq: z.number().int().positive().optional(),
    limit: z.number().int().min(1).max(1_000).default(500),
  }),
  reply: z.object({ events: z.array(conversationEventSchema), hasMore: z.boolean() }),
  servedBy: 'memory',
  calledBy: ['gateway', 'jobs', 'router'],
  caller: 'user',
});

export const searchConversations = defineRequest({
  subject: 'memory.conversation.search',
  summary: "Full-text search over the caller's own messages.",
  request: z.object({ query: z.string().min(1).max(1_000), limit: paging.limit }),
  reply: z.object({
    hits: z.array(
      z.object({
        conversationId: idSchema,
        title: z.string().nullable(),
        messageId: z.string(),
        role: z.enum(['user', 'assistant']),
        snippet: z.string().describe('Plain text; matched words between « and ».'),
        at: instantSchema,
        score: z.number(),
      }),
    ),
  }),
  servedBy: 'memory',
  calledBy: ['gateway', 'agents'],
  caller: 'user',
});
