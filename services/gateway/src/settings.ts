import type { ConfigOf } from '@mosaic/service-kit';
import { z } from 'zod';

const flag = z
  .enum(['0', '1'], { error: 'must be 0 or 1' })
  .default('0')
  .transform((value): boolean => value === '1');

export const gatewaySettings = {
  host: {
    env: 'MOSAIC_HOST',
    schema: z.string().min(1).default('127.0.0.1'),
    example: '127.0.0.1, or 0.0.0.0 for everybody who can reach this machine',
  },
  port: {
    env: 'MOSAIC_PORT',
    schema: z.coerce.number().int().min(0).max(65_535).default(14_242),
    example: '14242',
  },
  publicUrl: {
    env: 'MOSAIC_PUBLIC_URL',
    schema: z.url({ protocol: /^https?$/, error: 'must be an http(s) address' }).optional(),
    example: 'https://mosaic.example.org, when people come through a proxy',
  },
  callerSeed: {
    env: 'MOSAIC_CALLER_SEED',
    schema: z.string().min(1),
    example: 'the seed that the launcher or the init job made',
    isSecret: true,
  },
  authSecret: {
    env: 'MOSAIC_AUTH_SECRET',
    schema: z.string().min(32, 'must have at least 32 characters'),
    example: 'openssl rand -base64 32',
    isSecret: true,
  },
  databaseUrl: {
    env: 'DATABASE_URL',
    schema: z.string().regex(/^postgres(?:ql)?:\/\/\S+$/, 'must be a postgres:// address'),
    example: 'postgres://mosaic:secret@127.0.0.1:5432/mosaic',
    isSecret: true,
  },
  signUp: {
    env: 'MOSAIC_SIGN_UP',
    schema: z.enum(['open', 'closed'], { error: 'must be open or closed' }).default('open'),
    example: 'closed, when only administrators make accounts',
  },
  adminEmail: {
    env: 'MOSAIC_ADMIN_EMAIL',
    schema: z.email().optional(),
    example: 'admin@example.org',
  },
  adminPassword: {
    env: 'MOSAIC_ADMIN_PASSWORD',
    schema: z.string().min(8, 'must have at least 8 characters').max(128).optional(),
    example: 'at least eight characters',
    isSecret: true,
  },
  localOwner: { env: 'MOSAIC_LOCAL_OWNER', schema: flag, example: '1 on a machine of your own' },
  ownerTokenFile: {
    env: 'MOSAIC_OWNER_TOKEN_FILE',
    schema: z.string().optional(),
    example: '/var/lib/mosaic/owner-token',
  },
  isDemo: { env: 'MOSAIC_IS_DEMO', schema: flag, example: '1 while vendors are simulated' },
  webDir: {
    env: 'MOSAIC_WEB_DIR',
    schema: z.string().optional(),
    example: 'clients/web/dist',
  },
} as const;

export type GatewayConfig = ConfigOf<typeof gatewaySettings>;
