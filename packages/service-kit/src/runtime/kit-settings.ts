import { z } from 'zod';
import type { Settings } from './port.ts';

/** What every service reads beside its own settings. */
export const kitSettings = {
  natsUrl: {
    env: 'NATS_URL',
    schema: z
      .string()
      .regex(/^(?:nats|tls|ws|wss):\/\/\S+$/, 'must be one or more nats:// addresses')
      .default('nats://127.0.0.1:4222'),
    example: 'nats://127.0.0.1:4222',
  },
  credentials: {
    env: 'MOSAIC_NATS_CREDENTIALS',
    schema: z.string().optional(),
    example: 'the text of a .creds file; better name the file in MOSAIC_NATS_CREDENTIALS_FILE',
    isSecret: true,
  },
  callerPublicKey: {
    env: 'MOSAIC_CALLER_PUBLIC_KEY',
    schema: z.string().min(1),
    example: 'the public key that the launcher or the init job made',
  },
  callerSeed: {
    env: 'MOSAIC_CALLER_SEED',
    schema: z.string().min(1).optional(),
    example: 'the seed of that key; for the gateway alone',
    isSecret: true,
  },
  logLevel: {
    env: 'MOSAIC_LOG_LEVEL',
    schema: z.enum(['fatal', 'error', 'warn', 'info', 'debug', 'trace', 'silent']).default('info'),
    example: 'info',
  },
  healthPort: {
    env: 'MOSAIC_HEALTH_PORT',
    schema: z.coerce.number().int().min(0).max(65_535).default(0),
    example: '9090; 0 serves no health pages',
  },
  healthHost: {
    env: 'MOSAIC_HEALTH_HOST',
    schema: z.string().min(1).default('127.0.0.1'),
    example: '0.0.0.0 inside a container',
  },
} as const satisfies Settings;
