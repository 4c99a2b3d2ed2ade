import type { Setting } from '@mosaic/service-kit';
import { z } from 'zod';

export const routerSettings = {
  /** Where rules are kept; without it the built-in ones are in force and none can be saved. */
  databaseUrl: {
    env: 'DATABASE_URL',
    schema: z
      .string()
      .regex(/^postgres(?:ql)?:\/\/\S+$/, 'must be a postgres:// address')
      .optional(),
    example: 'postgres://mosaic:secret@127.0.0.1:5432/mosaic',
    isSecret: true,
  },
} satisfies Record<string, Setting>;
