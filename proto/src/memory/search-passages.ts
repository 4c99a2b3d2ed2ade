import { z } from 'zod';
import { defineRequest } from '../contract.ts';
import { idSchema, instantSchema } from '../ids.ts';

/** A piece of what a person said, was answered or saved, found for a question. */
export const recalledSchema = z.object({
  id: z.string().describe('Id of the message or of the memory.'),
  source: z.enum(['message', 'memory']),
  conversationId: idSchema.optional().describe('Left out for a memory that is of no conversation.'),
  title: z.string().optional().describe('Title of the conversation, where it has one.'),
  saidAt: instantSchema,
  role: z.enum(['user', 'assistant']),
  speaker: z.string().optional().describe('Who said it, where a talk has named people.'),
  text: z.string(),
  score: z.number().min(0).describe('1 for the best, smaller for each one behind it.'),
  parts: z
    .record(z.string(), z.number())
    .describe('Why it was found: what words, meaning, time and so on add to it (logarithms).'),
});
export type Recalled = z.infer<typeof recalledSchema>;

/** What a search looked at. An embedder that is away is no failure: `note` says so. */
export const signalsSchema = z.object({
  words: z.literal(true),
  meaning: z.enum(['embedding', 'static', 'none']).describe('Whose vectors were compared.'),
  model: z.string().optional().describe('The embedding model, where one was used.'),
  coverage: z
    .number()
    .min(0)
    .max(1)
    .optional()
    .describe('The share of passages that had a vector of that model.'),
  note: z.string().describe('One sentence for people.'),
});
export type SearchSignals = z.infer<typeof signalsSchema>;

export const searchPassages = defineRequest({
  subject: 'memory.passage.search',
  summary: "The caller's messages and memories that answer a text best, within a budget of tokens.",
  request: z.object({
    text: z.string().min(1).max(8_000),
    limit: z.number().int().min(1).max(100).default(10),
    tokenBudget: z.number().int().min(1).max(100_000).default(2_000),
    conversationId: idSchema.optional().describe('Search this conversation alone.'),
    exceptConversationId: idSchema.optional().describe('Search everything but this conversation.'),
  }),
  reply: z.object({
    passages: z.array(recalledSchema),
    signals: signalsSchema,
    micros: z.number().int().nonnegative().describe('Time it took, in millionths of a second.'),
  }),
  servedBy: 'memory',
  calledBy: ['gateway', 'agents', 'router'],
  caller: 'user',
});
