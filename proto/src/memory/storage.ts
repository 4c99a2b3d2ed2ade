import { z } from 'zod';
import { defineRequest } from '../contract.ts';
import { idSchema } from '../ids.ts';

/**
 * How a conversation is stored. `hot`: in use. `warm`: nobody has used it for a while, and it has a
 * summary where a model could write one. `cold`: compressed; still found by search, and brought back
 * when somebody goes on with it. Nothing is lost on the way.
 */
export const storageTierSchema = z.enum(['hot', 'warm', 'cold']);
export type StorageTier = z.infer<typeof storageTierSchema>;

const count = z.number().int().nonnegative();
const bytes = count.describe('Bytes as stored; without the overhead of rows and indexes.');
const limit = z.number().int().positive().nullable().describe('Null: none.');

/** When conversations move on; null never. What a person chose tightens it and never loosens it. */
export const tierPolicySchema = z.object({
  warmAfterDays: limit.describe('Days without use until a conversation is warm.'),
  coldAfterDays: limit.describe('Days without use until a conversation is cold.'),
  hotBytes: limit.describe('More than this uncompressed: those used longest ago become cold.'),
});
export type TierPolicy = z.infer<typeof tierPolicySchema>;

/** What one person may keep. */
export const storageLimitsSchema = z.object({
  bytes: limit,
  conversations: limit,
  memories: limit.describe('Those that hold; superseded ones are not counted.'),
});
export type StorageLimits = z.infer<typeof storageLimitsSchema>;

/** Something of which there can be too much. */
export const storageKindSchema = z.enum(['bytes', 'conversations', 'memories']);
export type StorageKind = z.infer<typeof storageKindSchema>;

const tierUseSchema = z.object({ conversations: count, bytes });

/** What is stored of one person in numbers. */
export const storageUseSchema = z.object({
  hot: tierUseSchema,
  warm: tierUseSchema,
  cold: tierUseSchema.extend({ rawBytes: count.describe('What they were before.') }),
  /** By which everything above is found, whatever its tier. */
  search: z.object({ passages: count, vectors: count, bytes }),
  memories: z.object({ count: count.describe('Those that hold.'), bytes }),
  summaries: z.object({ count, bytes }),
  conversations: count.describe('In all tiers.'),
  bytes: bytes.describe('Everything above.'),
});
export type StorageUse = z.infer<typeof storageUseSchema>;

export const storageReportSchema = storageUseSchema.extend({
  limits: storageLimitsSchema,
  full: z.array(storageKindSchema).describe('Limits that are reached.'),
  policy: tierPolicySchema.describe('As it holds for the person.'),
  /** What the next run would move, were it now. */
  due: z.object({
    toWarm: count,
    toCold: count,
    freesBytes: count.describe('About what compressing these would free.'),
  }),
});
export type StorageReport = z.infer<typeof storageReportSchema>;

export const readStorage = defineRequest({
  subject: 'memory.storage.read',
  summary: 'What is stored of the caller by tier, what they may keep, and what moves next.',
  request: z.object({}),
  reply: storageReportSchema,
  servedBy: 'memory',
  calledBy: ['gateway'],
  caller: 'user',
});

export const listStorage = defineRequest({
  subject: 'memory.storage.list',
  summary: 'How much is stored of each person, in numbers alone.',
  request: z.object({
    afterUser: idSchema.optional(),
    limit: z.number().int().min(1).max(100).default(50),
  }),
  reply: z.object({
    users: z.array(storageUseSchema.extend({ userId: idSchema })),
    limits: storageLimitsSchema,
    policy: tierPolicySchema.describe('As the installation has it.'),
    nextUser: idSchema.nullable(),
  }),
  servedBy: 'memory',
  calledBy: ['gateway'],
  caller: 'admin',
});

export const assertRoom = defineRequest({
  subject: 'memory.storage.assert-room',
  summary: 'Answers storage_full when the caller may begin no further conversation.',
  request: z.object({}),
  reply: z.object({}),
  servedBy: 'memory',
  calledBy: ['gateway'],
  caller: 'user',
});

export const restoreConversation = defineRequest({
  subject: 'memory.conversation.restore',
  summary:
    'Brings one of the caller’s conversations back from the cold; others are left as they are.',
  request: z.object({ conversationId: idSchema }),
  reply: z.object({ from: storageTierSchema, tier: storageTierSchema, events: count }),
  servedBy: 'memory',
  calledBy: ['gateway'],
  caller: 'user',
});

export const moveTiers = defineRequest({
  subject: 'memory.tier.move',
  summary: 'Moves conversations that are due, of some users; `next` says after whom to go on.',
  request: z.object({ afterUser: idSchema.nullable() }),
  reply: z.object({
    toWarm: count,
    toCold: count,
    freedBytes: count,
    failed: count.describe('Left as they are: the next run tries again.'),
    next: idSchema.nullable().describe('Null: everybody has been visited.'),
  }),
  servedBy: 'memory',
  calledBy: ['jobs'],
  caller: 'service',
});
