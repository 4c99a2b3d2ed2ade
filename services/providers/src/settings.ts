import type { ProviderName } from '@mosaic/proto';
import { providerNameSchema, providerNames } from '@mosaic/proto';
import type { ConfigOf, Setting } from '@mosaic/service-kit';
import { z } from 'zod';
import { cardFileSetting } from './adapters/catalogue/card-file-setting.ts';
import { type MasterKey, parseMasterKeys } from './app/credentials/master-keys.ts';
import { type Bases, parseBases } from './app/credentials/vendor-bases.ts';

/** One key or several, with commas or line ends between; none is no mistake. */
const keyList = z
  .string()
  .default('')
  .transform((text) => text.split(/[,\s]+/).filter((key) => key !== ''))
  .transform((keys): readonly string[] => [...new Set(keys)]);

const keys = (env: string, example: string) => ({
  env,
  schema: keyList,
  example,
  isSecret: true,
});

const baseUrl = (env: string, standard: string) => ({
  env,
  schema: z.url({ protocol: /^https?$/ }).default(standard),
  example: standard,
});

const count = (env: string, standard: number) => ({
  env,
  schema: z.coerce.number().int().positive().default(standard),
  example: String(standard),
});

/** A limit that there is not when it is not set. */
const limit = (env: string, example: string) => ({
  env,
  schema: z.coerce.number().int().positive().optional(),
  example,
});

const names = z
  .string()
  .default('')
  .transform((text) => text.split(',').map((name) => name.trim()))
  .transform((list) => list.filter((name) => name !== ''))
  .pipe(z.array(providerNameSchema));

/** A text that a function understands, or answers undefined to. */
function parsedBy<Value>(parse: (text: string) => Value | undefined) {
  return z
    .string()
    .default('')
    .transform((text, context): Value => {
      const value = parse(text);
      if (value !== undefined) return value;
      context.addIssue({ code: 'custom', message: 'is not of the documented form' });
      return z.NEVER;
    });
}

export const providersSettings = {
  anthropicKeys: keys('ANTHROPIC_API_KEY', 'sk-ant-…'),
  anthropicUrl: baseUrl('ANTHROPIC_BASE_URL', 'https://api.anthropic.com'),
  openaiKeys: keys('OPENAI_API_KEY', 'sk-…'),
  openaiUrl: baseUrl('OPENAI_BASE_URL', 'https://api.openai.com/v1'),
  openrouterKeys: keys('OPENROUTER_API_KEY', 'sk-or-…'),
  openrouterUrl: baseUrl('OPENROUTER_BASE_URL', 'https://openrouter.ai/api/v1'),
  zaiKeys: keys('ZAI_API_KEY', '0123abcd.XYZ'),
  zaiUrl: baseUrl('ZAI_BASE_URL', 'https://api.z.ai/api/paas/v4'),
  ollamaUrl: {
    env: 'OLLAMA_BASE_URL',
    schema: z.url({ protocol: /^https?$/ }).optional(),
    example: 'http://127.0.0.1:11434',
  },
  /** Ollama's own variable: host, host:port or a URL; names the server when OLLAMA_BASE_URL does not. */
  ollamaHost: {
    env: 'OLLAMA_HOST',
    schema: z.string().trim().min(1).optional(),
    example: '127.0.0.1:11434',
  },
  /** Largest context a local model is loaded with, in tokens. More needs more memory. */
  ollamaContextTokens: count('MOSAIC_OLLAMA_CONTEXT_TOKENS', 16_384),
  /** Set by the demo: these vendors are look-alikes, and every answer of theirs says so. */
  simulated: {
    env: 'MOSAIC_SIMULATED_PROVIDERS',
    schema: names,
    example: providerNames.join(','),
  },
  modelCards: cardFileSetting,
  firstPartMs: count('MOSAIC_PROVIDER_FIRST_PART_MS', 60_000),
  /** Ollama may have to load the model first. */
  ollamaFirstPartMs: count('MOSAIC_OLLAMA_FIRST_PART_MS', 300_000),
  idleMs: count('MOSAIC_PROVIDER_IDLE_MS', 60_000),
  totalMs: count('MOSAIC_PROVIDER_TOTAL_MS', 600_000),
  /** Seal the keys that people bring themselves, newest first; without one none can be kept. */
  masterKeys: {
    env: 'MOSAIC_MASTER_KEY',
    schema: parsedBy<readonly MasterKey[]>(parseMasterKeys),
    example: '32 bytes in base64, as "openssl rand -base64 32" makes them; after a change new,old',
    isSecret: true,
  },
  /** Addresses that people may choose for keys of their own, beside those that vendors document. */
  userBases: {
    env: 'MOSAIC_USER_BASE_URLS',
    schema: parsedBy<Bases>(parseBases),
    example: 'zai=https://proxy.example.org/v4,openai=https://proxy.example.org/v1',
  },
  /** Where the ledger is kept; without it calls are made and nobody keeps account. */
  databaseUrl: {
    env: 'DATABASE_URL',
    schema: z
      .string()
      .regex(/^postgres(?:ql)?:\/\/\S+$/, 'must be a postgres:// address')
      .optional(),
    example: 'postgres://mosaic:secret@127.0.0.1:5432/mosaic',
    isSecret: true,
  },
  /** Where minutes are counted for all replicas together; without it each counts for itself. */
  redisUrl: {
    env: 'REDIS_URL',
    schema: z
      .string()
      .regex(/^rediss?:\/\/\S+$/, 'must be a redis:// address')
      .optional(),
    example: 'redis://127.0.0.1:6379',
    isSecret: true,
  },
  userBudgetUsd: {
    env: 'MOSAIC_USER_BUDGET_USD_PER_DAY',
    schema: z.coerce.number().nonnegative().optional(),
    example: '5',
  },
  userRequests: limit('MOSAIC_USER_REQUESTS_PER_MINUTE', '30'),
  userTokens: limit('MOSAIC_USER_TOKENS_PER_MINUTE', '200000'),
  keyRequests: limit('MOSAIC_KEY_REQUESTS_PER_MINUTE', '500'),
  keyTokens: limit('MOSAIC_KEY_TOKENS_PER_MINUTE', '2000000'),
  /** What to do within a budget with a model whose price nobody knows. */
  unknownPrices: {
    env: 'MOSAIC_BUDGET_UNKNOWN_PRICES',
    schema: z.enum(['allow', 'refuse']).default('allow'),
    example: 'allow, or refuse',
  },
  /** How long money stays set aside for a worker that died, in milliseconds. */
  budgetLeaseMs: {
    env: 'MOSAIC_BUDGET_LEASE_MS',
    schema: z.coerce.number().int().min(500).default(30_000),
    example: '30000',
  },
} satisfies Record<string, Setting>;

export type ProvidersConfig = ConfigOf<typeof providersSettings>;

/** Usage comes within milliseconds of the finish, or never. */
const settleMs = 2_000;

/** Longest waits of a vendor's stream, in milliseconds. */
export function deadlinesOf(config: ProvidersConfig, name: ProviderName) {
  const firstPartMs = name === 'ollama' ? config.ollamaFirstPartMs : config.firstPartMs;
  return { firstPartMs, idleMs: config.idleMs, settleMs };
}

/** Where Ollama is. An address to listen on everywhere is no address to call: that means here. */
export function ollamaBaseUrl({ ollamaUrl, ollamaHost }: ProvidersConfig): string {
  if (ollamaUrl) return ollamaUrl;
  return (ollamaHost ?? 'http://127.0.0.1:11434').replace(/\b0\.0\.0\.0\b/, '127.0.0.1');
}
