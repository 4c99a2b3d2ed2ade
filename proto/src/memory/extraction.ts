import { z } from 'zod';
import { defineRequest } from '../contract.ts';
import { idSchema, instantSchema } from '../ids.ts';
import { memoryKindSchema } from './memories.ts';

/** A finished turn that is to be read for memories. */
const turn = {
  conversationId: idSchema,
  /** The question: a turn is read once for each. */
  messageId: idSchema,
};

export const prepareExtraction = defineRequest({
  subject: 'memory.extraction.prepare',
  summary:
    'What was asked and answered in a finished turn, or why nothing is to be extracted from it.',
  request: z.object({
    ...turn,
    run: idSchema,
    minSeq: z.number().int().nonnegative().describe('The event that ended the turn.'),
  }),
  reply: z.discriminatedUnion('isWanted', [
    z.object({ isWanted: z.literal(false), why: z.string() }),
    z.object({
      isWanted: z.literal(true),
      /** The person's own words and the shown answer, bounded; nothing else that a model saw. */
      question: z.string(),
      answer: z.string(),
    }),
  ]),
  servedBy: 'memory',
  calledBy: ['jobs'],
  caller: 'user',
});

/** Something that a model found in a turn. */
export const foundMemorySchema = z.object({
  kind: memoryKindSchema,
  text: z.string().trim().min(2).max(500),
  confidence: z.number().min(0).max(1),
  validFrom: instantSchema.nullable(),
  /** What the person said is no longer so, in words: memory looks for it itself. */
  replaces: z.string().max(500).nullable(),
});
export type FoundMemory = z.infer<typeof foundMemorySchema>;

export const applyExtraction = defineRequest({
  subject: 'memory.extraction.apply',
  summary: 'Remembers what a model found in a turn; nothing is changed or removed by it.',
  request: z.object({
    ...turn,
    /** Provider and model that read it. */
    version: z.string().min(1).max(200),
    found: z.array(foundMemorySchema).max(20),
  }),
  reply: z.object({
    saved: z.number().int().nonnegative(),
    /** Known already, doubtful, or not said by the person. */
    dropped: z.number().int().nonnegative(),
    /** True: this turn was read before, and nothing was done. */
    isRepeated: z.boolean(),
  }),
  servedBy: 'memory',
  calledBy: ['jobs'],
  caller: 'user',
});
