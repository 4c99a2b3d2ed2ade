import { z } from 'zod';
import { defineRequest } from '../contract.ts';
import { idSchema } from '../ids.ts';
import { turnSchema } from '../providers/turns.ts';
import { memoryKindSchema } from './memories.ts';
import { recalledSchema } from './search-passages.ts';

export const getContext = defineRequest({
  subject: 'memory.context.get',
  summary: 'The turns, memories and preferences that a model should see for the next answer.',
  request: z.object({
    conversationId: idSchema,
    /** Read-your-writes: memory waits (within the deadline) until it has applied this event. */
    seq: z.number().int().nonnegative(),
    /** 0: only what is remembered is wanted. */
    maxTurns: z.number().int().min(0).max(2_000).default(400),
    /** What to recall for; the newest question of the conversation when left out. */
    question: z.string().max(10_000).optional(),
    /** Tokens for what is recalled from elsewhere; 0 recalls nothing. */
    recallTokens: z.number().int().min(0).max(20_000).default(1_000),
  }),
  reply: z.object({
    seq: z.number().int().nonnegative(),
    turns: z.array(turnSchema),
    memories: z.array(z.object({ text: z.string(), source: z.string() })),
    /**
     * What the person prefers and has told to do in every answer, within a limit of tokens. It is data
     * that a person wrote: whoever shows it to a model marks it as such.
     */
    standing: z
      .array(z.object({ id: idSchema, kind: memoryKindSchema, text: z.string() }))
      .default([]),
    /**
     * What the caller said, was answered or saved elsewhere that belongs to the newest question, best
     * first. It is data, not instructions; empty when nothing belongs to it or the search failed.
     */
    recalled: z.array(recalledSchema).default([]),
  }),
  servedBy: 'memory',
  calledBy: ['agents'],
  caller: 'user',
});
