import { z } from 'zod';
import { defineRequest } from '../contract.ts';

export const readEmbeddingStatus = defineRequest({
  subject: 'memory.embedding.status',
  summary: "How far the vectors of the caller's messages and memories have come.",
  request: z.object({}),
  reply: z.object({
    mode: z.enum(['ollama', 'builtin']),
    model: z.string().nullable().describe('The embedding model; null with the built-in vectors.'),
    state: z
      .enum(['ready', 'working', 'away'])
      .describe('`away`: the model does not answer, and searches go on without it.'),
    texts: z.number().int().nonnegative().describe('Different pieces of text.'),
    done: z.number().int().nonnegative().describe('How many have a vector of that model.'),
    note: z.string().describe('One sentence for people.'),
  }),
  servedBy: 'memory',
  calledBy: ['gateway', 'jobs'],
  caller: 'user',
});
