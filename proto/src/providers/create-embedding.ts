import { z } from 'zod';
import { defineRequest } from '../contract.ts';

export const createEmbedding = defineRequest({
  subject: 'providers.embedding.create',
  summary: 'Turns texts into vectors on a local Ollama model.',
  request: z.object({
    texts: z.array(z.string().max(100_000)).min(1).max(256),
    model: z.string().default('nomic-embed-text'),
  }),
  reply: z.object({
    model: z.string(),
    /** Numbers per vector; all vectors of one reply have this width. */
    width: z.number().int().positive(),
    vectors: z.array(z.array(z.number())),
    /**
     * Places of texts (from 0) that are longer than the model reads: their vectors are of the beginning
     * alone. Left out when every text was read whole.
     */
    cut: z.array(z.number().int().nonnegative()).optional(),
  }),
  servedBy: 'providers',
  calledBy: ['memory', 'gateway', 'router'],
  // A local model costs nobody anything, and memory makes vectors behind everybody's back.
  caller: 'service',
});
