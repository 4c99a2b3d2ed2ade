import { efforts } from '@mosaic/proto';
import type { ConfigOf, Setting } from '@mosaic/service-kit';
import { z } from 'zod';
import type { PlatformSettings } from './app/ports.ts';
import { toolSettings } from './tools/tool-settings.ts';

export const agentsSettings = {
  /** Where agents are kept; without it there are only those that come with Mosaic. */
  databaseUrl: {
    env: 'DATABASE_URL',
    schema: z
      .string()
      .regex(/^postgres(?:ql)?:\/\/\S+$/, 'must be a postgres:// address')
      .optional(),
    example: 'postgres://mosaic:secret@127.0.0.1:5432/mosaic',
    isSecret: true,
  },
  ...toolSettings,
  concurrency: {
    env: 'MOSAIC_TURN_CONCURRENCY',
    schema: z.coerce.number().int().min(1).max(10_000).default(512),
    example: '512, the turns that one process answers at once',
  },
  temperature: {
    env: 'MOSAIC_TEMPERATURE',
    schema: z.coerce.number().min(0).max(2).optional(),
    example: '0.7, where neither person nor agent says another',
  },
  effort: {
    env: 'MOSAIC_EFFORT',
    schema: z.enum(efforts).optional(),
    example: 'medium, where neither person nor agent says another',
  },
  turnSteps: {
    env: 'MOSAIC_TURN_STEPS',
    schema: z.coerce.number().int().min(1).max(100).default(24),
    example: '24, the model calls that one answer may take',
  },
  stepSeconds: {
    env: 'MOSAIC_STEP_SECONDS',
    schema: z.coerce.number().min(1).max(3_600).default(600),
    example: '600, the longest single model call',
  },
  turnSeconds: {
    env: 'MOSAIC_TURN_SECONDS',
    schema: z.coerce.number().min(1).max(86_400).default(1_800),
    example: '1800, the longest turn with all its tools',
  },
  turnTokens: {
    env: 'MOSAIC_TURN_TOKENS',
    schema: z.coerce.number().int().positive().optional(),
    example: '500000, input and output of all calls of one turn',
  },
  turnUsd: {
    env: 'MOSAIC_TURN_USD',
    schema: z.coerce.number().positive().optional(),
    example: '2.50, the cost of all calls of one turn',
  },
} satisfies Record<string, Setting>;

/** What the installation says of turns, from its settings. */
export function platformSettings(config: ConfigOf<typeof agentsSettings>): PlatformSettings {
  const { effort, stepSeconds, temperature, turnSeconds, turnSteps, turnTokens, turnUsd } = config;
  return {
    temperature: temperature ?? null,
    effort: effort ?? null,
    limits: { steps: turnSteps, stepSeconds, turnSeconds, tokens: turnTokens, usd: turnUsd },
  };
}
