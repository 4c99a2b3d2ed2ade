import { resolve } from 'node:path';
import { type ConfigOf, type Environment, readConfig } from '@mosaic/service-kit';
import { z } from 'zod';

const secret = (env: string) => ({
  env,
  // Several with commas between, as the providers service reads them; nothing but commas is no key.
  schema: z
    .string()
    .optional()
    .transform((text) => (text === undefined || /^[,\s]*$/.test(text) ? undefined : text)),
  example: 'the key that the vendor gave you',
  isSecret: true,
});
const httpUrl = z.url({ protocol: /^https?$/, error: 'must be an http:// or https:// address' });

/** The repository's folder. */
export const repositoryRoot = resolve(import.meta.dirname, '../../../..');

/** Everything that the launcher itself reads; what the services read is theirs to declare. */
export const launcherSettings = {
  dataDir: {
    env: 'MOSAIC_DATA_DIR',
    schema: z
      .string()
      .optional()
      // The command finds the same installation from whatever folder it is called.
      .transform((path) =>
        path === undefined ? resolve(repositoryRoot, '.mosaic') : resolve(path),
      ),
    example: '/var/lib/mosaic',
  },
  host: {
    env: 'MOSAIC_HOST',
    schema: z.string().min(1).default('127.0.0.1'),
    example: '127.0.0.1, or 0.0.0.0 for everybody who can reach this machine',
  },
  port: {
    env: 'MOSAIC_PORT',
    schema: z.coerce.number().int().min(0).max(65_535).optional(),
    example: '14242; 0 takes any free one',
  },
  demo: {
    env: 'MOSAIC_DEMO',
    schema: z.enum(['0', '1'], { error: 'must be 0 or 1' }).optional(),
    example: '1 simulates the vendors, 0 never does',
  },
  logLevel: {
    env: 'MOSAIC_LOG_LEVEL',
    schema: z.enum(['fatal', 'error', 'warn', 'info', 'debug', 'trace', 'silent']).default('info'),
    example: 'info',
  },
  natsUrl: {
    env: 'NATS_URL',
    schema: z
      .string()
      .regex(/^(?:nats|tls|ws|wss):\/\/\S+$/, 'must be one or more nats:// addresses')
      .optional(),
    example: 'nats://127.0.0.1:4222',
  },
  natsCredentials: {
    env: 'MOSAIC_NATS_CREDENTIALS',
    schema: z.string().optional(),
    example: 'the text of provisioner.creds; better name the file in MOSAIC_NATS_CREDENTIALS_FILE',
    isSecret: true,
  },
  streamReplicas: {
    env: 'MOSAIC_STREAM_REPLICAS',
    schema: z.coerce
      .number()
      .refine((count) => [1, 3, 5].includes(count), { error: 'must be 1, 3 or 5' })
      .default(1),
    example: '3 in a cluster of three NATS servers',
  },
  redisUrl: {
    env: 'REDIS_URL',
    schema: z
      .string()
      .regex(/^rediss?:\/\/\S+$/, 'must be a redis:// address')
      .optional(),
    example: 'redis://127.0.0.1:6379',
    isSecret: true,
  },
  databaseUrl: {
    env: 'DATABASE_URL',
    schema: z
      .string()
      .regex(/^postgres(?:ql)?:\/\/\S+$/, 'must be a postgres:// address')
      .optional(),
    example: 'postgres://mosaic:password@127.0.0.1:5432/mosaic',
    isSecret: true,
  },
  anthropicKey: secret('ANTHROPIC_API_KEY'),
  openaiKey: secret('OPENAI_API_KEY'),
  openrouterKey: secret('OPENROUTER_API_KEY'),
  zaiKey: secret('ZAI_API_KEY'),
  anthropicUrl: { env: 'ANTHROPIC_BASE_URL', schema: httpUrl.optional(), example: 'https://…' },
  openaiUrl: { env: 'OPENAI_BASE_URL', schema: httpUrl.optional(), example: 'https://…/v1' },
  openrouterUrl: { env: 'OPENROUTER_BASE_URL', schema: httpUrl.optional(), example: 'https://…' },
  zaiUrl: { env: 'ZAI_BASE_URL', schema: httpUrl.optional(), example: 'https://…' },
  ollamaUrl: {
    env: 'OLLAMA_BASE_URL',
    schema: httpUrl.optional(),
    example: 'http://127.0.0.1:11434',
  },
  ollamaHost: {
    env: 'OLLAMA_HOST',
    schema: z
      .string()
      .refine((text) => URL.canParse(text.includes('://') ? text : `http://${text}`), {
        error: 'must be a host, host:port or an http:// address',
      })
      .optional(),
    example: '127.0.0.1:11434',
  },
} as const;

export type LauncherConfig = ConfigOf<typeof launcherSettings>;

/** Options of the command line that stand above the environment. */
export interface SettingOptions {
  readonly port?: string | undefined;
  readonly 'data-dir'?: string | undefined;
}

/** Reads the launcher's settings. Throws `bad_configuration` with all problems at once. */
export function readLauncherConfig(env: Environment, options: SettingOptions = {}): LauncherConfig {
  const { port, 'data-dir': dataDir } = options;
  return readConfig(launcherSettings, {
    ...env,
    ...(port === undefined ? {} : { MOSAIC_PORT: port, MOSAIC_PORT_FILE: undefined }),
    ...(dataDir === undefined ? {} : { MOSAIC_DATA_DIR: dataDir, MOSAIC_DATA_DIR_FILE: undefined }),
  });
}
