import { z } from 'zod';

/** What memory can be told from outside. */
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
};
