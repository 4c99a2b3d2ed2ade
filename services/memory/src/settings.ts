import type { StorageLimits, TierPolicy } from '@mosaic/proto';
import type { Setting } from '@mosaic/service-kit';
import { z } from 'zod';

const limitSchema = z.coerce.number().int().min(1).nullable().default(null);

const daysOrNever = (days: number) =>
  z.union([z.literal('never').transform(() => null), z.coerce.number().int().min(1)]).default(days);

export const memorySettings = {
  databaseUrl: {
    env: 'DATABASE_URL',
    schema: z.string().regex(/^postgres(?:ql)?:\/\/\S+$/, 'must be a postgres:// address'),
    example: 'postgres://mosaic:secret@127.0.0.1:5432/mosaic',
    isSecret: true,
  },
  databasePool: {
    env: 'MOSAIC_DATABASE_POOL',
    schema: z.coerce.number().int().min(1).max(100).default(8),
    example: '8',
  },
  embeddings: {
    env: 'MOSAIC_EMBEDDINGS',
    schema: z.enum(['ollama', 'builtin']).default('ollama'),
    example: 'builtin',
  },
  embeddingModel: {
    env: 'MOSAIC_EMBEDDING_MODEL',
    schema: z.string().min(1).max(200).default('nomic-embed-text'),
    example: 'nomic-embed-text',
  },
  warmAfterDays: {
    env: 'MOSAIC_WARM_AFTER_DAYS',
    schema: daysOrNever(30),
    example: '30, or never',
  },
  coldAfterDays: {
    env: 'MOSAIC_COLD_AFTER_DAYS',
    schema: daysOrNever(180),
    example: '180, or never',
  },
  hotMegabytes: {
    env: 'MOSAIC_HOT_MEGABYTES',
    schema: limitSchema,
    example: '500 (leave it out to go by age alone)',
  },
  limitMegabytes: {
    env: 'MOSAIC_LIMIT_STORAGE_MEGABYTES',
    schema: limitSchema,
    example: '2000 (leave it out for no limit)',
  },
  limitConversations: {
    env: 'MOSAIC_LIMIT_CONVERSATIONS',
    schema: limitSchema,
    example: '10000 (leave it out for no limit)',
  },
  limitMemories: {
    env: 'MOSAIC_LIMIT_MEMORIES',
    schema: limitSchema,
    example: '5000 (leave it out for no limit)',
  },
} satisfies Record<string, Setting>;

type Numbers = 'warmAfterDays' | 'coldAfterDays' | 'hotMegabytes' | LimitName;
type LimitName = 'limitMegabytes' | 'limitConversations' | 'limitMemories';
type StorageConfig = Readonly<Record<Numbers, number | null>>;

const bytesPerMegabyte = 1_000_000;
const bytesOf = (megabytes: number | null) =>
  megabytes === null ? null : megabytes * bytesPerMegabyte;

/** When conversations move to another tier, as the installation has it. */
export function tierPolicyOf(config: StorageConfig): TierPolicy {
  const { coldAfterDays, warmAfterDays } = config;
  return { warmAfterDays, coldAfterDays, hotBytes: bytesOf(config.hotMegabytes) };
}

/** What each person may keep. */
export function storageLimitsOf(config: StorageConfig): StorageLimits {
  return {
    bytes: bytesOf(config.limitMegabytes),
    conversations: config.limitConversations,
    memories: config.limitMemories,
  };
}
