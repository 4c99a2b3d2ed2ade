import type { ProviderName } from '@mosaic/proto';
import { providerNameSchema, providerNames } from '@mosaic/proto';
import type { ConfigOf, Setting } from '@mosaic/service-kit';
import { z } from 'zod';

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

const names = z
  .string()
  .default('')
  .transform((text) => text.split(',').map((name) => name.trim()))
  .transform((list) => list.filter((name) => name !== ''))
  .pipe(z.array(providerNameSchema));

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
  firstPartMs: count('MOSAIC_PROVIDER_FIRST_PART_MS', 60_000),
  /** Ollama may have to load the model first. */
  ollamaFirstPartMs: count('MOSAIC_OLLAMA_FIRST_PART_MS', 300_000),
  idleMs: count('MOSAIC_PROVIDER_IDLE_MS', 60_000),
  totalMs: count('MOSAIC_PROVIDER_TOTAL_MS', 600_000),
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
