import { z } from 'zod';
import { defineRequest } from '../contract.ts';
import { idSchema } from '../ids.ts';

/** Longest summary of a conversation that is kept, in characters. */
export const maxSummaryChars = 1_200;

/** `model`: conversations that nobody uses any more are summarised by one; `none`: they are not. */
export const summariesKey = 'storage.summaries';

export const listUnsummarized = defineRequest({
  subject: 'memory.summary.due',
  summary: 'Conversations that nobody uses any more and that have no summary yet; ids alone.',
  request: z.object({ limit: z.number().int().min(1).max(200) }),
  reply: z.object({
    conversations: z.array(z.object({ userId: idSchema, conversationId: idSchema })),
  }),
  servedBy: 'memory',
  calledBy: ['jobs'],
  caller: 'service',
});

const messageCount = z
  .number()
  .int()
  .nonnegative()
  .describe('Of the conversation: a summary counts while there are no more.');

export const prepareSummary = defineRequest({
  subject: 'memory.summary.prepare',
  summary: 'What was said in a conversation, bounded, or why it is not to be summarised.',
  request: z.object({ conversationId: idSchema }),
  reply: z.discriminatedUnion('isWanted', [
    z.object({ isWanted: z.literal(false), why: z.string() }),
    z.object({ isWanted: z.literal(true), text: z.string(), messageCount }),
  ]),
  servedBy: 'memory',
  calledBy: ['jobs'],
  caller: 'user',
});

export const saveSummary = defineRequest({
  subject: 'memory.summary.save',
  summary: 'Keeps the summary of a conversation, or why there is none for now.',
  request: z.object({
    conversationId: idSchema,
    messageCount,
    text: z.string().trim().min(1).max(maxSummaryChars).nullable(),
    /** Provider and model that wrote it; the reason when there is no text. */
    by: z.string().min(1).max(500),
  }),
  reply: z.object({ isSaved: z.boolean() }),
  servedBy: 'memory',
  calledBy: ['jobs'],
  caller: 'user',
});
