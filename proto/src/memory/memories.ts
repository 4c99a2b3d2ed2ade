import { z } from 'zod';
import { defineRequest } from '../contract.ts';
import { idSchema, instantSchema } from '../ids.ts';

/**
 * `fact`: what is so. `preference`: what the person likes. `instruction`: what to do in every answer.
 * `event`: what happened at a time. Preferences and instructions are in every context; the others
 * have to be found.
 */
export const memoryKindSchema = z.enum(['fact', 'preference', 'instruction', 'event']);
export type MemoryKind = z.infer<typeof memoryKindSchema>;

/**
 * Who made it: the `person` by hand, a model by a `tool`, the `rules` that recognise "remember that …",
 * or the `model` that reads finished turns in the background.
 */
export const memoryExtractorSchema = z.enum(['person', 'tool', 'rules', 'model']);
export type MemoryExtractor = z.infer<typeof memoryExtractorSchema>;

const memoryText = z.string().trim().min(1).max(2_000);

/** Where it was said. */
export const memorySourceSchema = z.object({
  conversationId: idSchema,
  messageIds: z.array(z.string().min(1).max(64)).max(50),
});

/** One thing that Mosaic remembers of one person. */
export const memorySchema = z.object({
  id: idSchema,
  kind: memoryKindSchema,
  text: z.string(),
  /** Null when it was not said in a conversation. */
  source: memorySourceSchema.nullable(),
  /** From when to when it holds; null is open. Something superseded has an end. */
  validFrom: instantSchema.nullable(),
  validTo: instantSchema.nullable(),
  confidence: z.number().min(0).max(1),
  extractor: memoryExtractorSchema,
  /** Version of the rules, or provider and model; null for what a person wrote. */
  extractorVersion: z.string().nullable(),
  /** What holds instead; nothing is overwritten. */
  supersededBy: idSchema.nullable(),
  createdAt: instantSchema,
  updatedAt: instantSchema,
});
export type Memory = z.infer<typeof memorySchema>;

const validity = {
  validFrom: instantSchema.nullable().optional(),
  validTo: instantSchema.nullable().optional(),
};

/** The body of `POST /api/memory`. */
export const saveMemoryBody = z.strictObject({
  text: memoryText,
  kind: memoryKindSchema.optional(),
  ...validity,
});

/** What `POST /api/memory` answers; not new when the same was remembered before. */
export const savedMemoryReply = memorySchema.extend({ isNew: z.boolean() });

/** The body of `PATCH /api/memory/:id`. */
export const changeMemoryBody = z.strictObject({
  text: memoryText.optional(),
  kind: memoryKindSchema.optional(),
  ...validity,
});

export const saveMemory = defineRequest({
  subject: 'memory.memory.save',
  summary: 'Remembers something for the caller, unless it is remembered already.',
  request: z.object({
    text: memoryText,
    /** Left out: what its form says ("I prefer …" is a preference), else a fact. */
    kind: memoryKindSchema.optional(),
    source: memorySourceSchema.optional(),
    ...validity,
    confidence: z.number().min(0).max(1).default(1),
    extractor: z.enum(['person', 'tool']).default('person'),
    extractorVersion: z.string().max(200).optional(),
    /** A memory that this one replaces: it ends now and stays to be read. */
    supersedes: idSchema.optional(),
  }),
  reply: z.object({
    /** What is remembered now: the new one, or the one that was there already. */
    memory: memorySchema,
    /** False: the same, or nearly the same, was remembered before and nothing was written. */
    isNew: z.boolean(),
  }),
  servedBy: 'memory',
  calledBy: ['gateway', 'agents'],
  caller: 'user',
});

export const listMemories = defineRequest({
  subject: 'memory.memory.list',
  summary: "The caller's memories, newest first.",
  request: z.object({
    limit: z.number().int().min(1).max(200).default(50),
    cursor: z.string().max(200).optional().describe('`nextCursor` of the page before.'),
    kind: memoryKindSchema.optional(),
    /** True: also what was superseded. */
    withSuperseded: z.boolean().default(false),
  }),
  reply: z.object({
    memories: z.array(memorySchema),
    nextCursor: z.string().nullable(),
    /** Nothing is extracted nor recalled until the person goes on. */
    isPaused: z.boolean(),
  }),
  servedBy: 'memory',
  calledBy: ['gateway', 'agents'],
  caller: 'user',
});

export const getMemory = defineRequest({
  subject: 'memory.memory.get',
  summary: "One of the caller's memories.",
  request: z.object({ id: idSchema }),
  reply: z.object({ memory: memorySchema }),
  servedBy: 'memory',
  calledBy: ['gateway', 'agents'],
  caller: 'user',
});

export const changeMemory = defineRequest({
  subject: 'memory.memory.change',
  summary: 'Corrects a memory of the caller; how it was before stays as superseded.',
  request: z.object({
    id: idSchema,
    text: memoryText.optional(),
    kind: memoryKindSchema.optional(),
    ...validity,
  }),
  reply: z.object({ memory: memorySchema }),
  servedBy: 'memory',
  calledBy: ['gateway', 'agents'],
  caller: 'user',
});

export const removeMemory = defineRequest({
  subject: 'memory.memory.remove',
  summary: 'Removes a memory of the caller and what it superseded, or all of them, for good.',
  request: z
    .object({ id: idSchema.optional(), all: z.literal(true).optional() })
    .refine(({ all, id }) => (all === undefined) !== (id === undefined), {
      message: 'give either "id" or "all"',
    }),
  reply: z.object({ removed: z.number().int().nonnegative() }),
  servedBy: 'memory',
  calledBy: ['gateway', 'agents'],
  caller: 'user',
});
