import type { ProviderName } from '@mosaic/proto';
import { makeAnthropic } from '../anthropic/adapter.ts';
import { installationKey } from '../app/keys/identify-key.ts';
import type { ConfiguredVendor } from '../app/registry/configured-vendor.ts';
import type { Embedder, Vendor } from '../app/vendor/vendor-port.ts';
import { makeOllama } from '../ollama/adapter.ts';
import { makeOpenAi } from '../openai/adapter.ts';
import { makeOpenRouter } from '../openrouter/adapter.ts';
import { ollamaBaseUrl, type ProvidersConfig } from '../settings.ts';
import { makeZai } from '../zai/adapter.ts';

export interface ConfiguredVendors {
  readonly all: readonly ConfiguredVendor[];
  readonly embedder: Pick<Vendor, 'toFault'> & Embedder;
}

/** Sets up all five; one without a key is there with the reason. */
export function makeVendors(config: ProvidersConfig): ConfiguredVendors {
  const simulated = new Set<ProviderName>(config.simulated);
  const withKeys = (
    name: ProviderName,
    make: ConfiguredVendor['make'],
    { keys, url, env }: { keys: readonly string[]; url: string; env: string },
  ): ConfiguredVendor => ({
    name,
    make,
    keys: keys.map((secret) => installationKey(name, secret)),
    baseUrl: url,
    absence: keys.length > 0 ? null : `No key: set ${env} (or ${env}_FILE).`,
    isSimulated: simulated.has(name),
  });
  const ollamaUrl = ollamaBaseUrl(config);
  const makeOllamaAt = (baseUrl: string) =>
    makeOllama({ baseUrl, longestContextTokens: config.ollamaContextTokens });
  const { anthropicKeys, anthropicUrl, openaiKeys, openaiUrl } = config;
  const { openrouterKeys, openrouterUrl, zaiKeys, zaiUrl } = config;
  return {
    all: [
      withKeys('anthropic', makeAnthropic, {
        keys: anthropicKeys,
        url: anthropicUrl,
        env: 'ANTHROPIC_API_KEY',
      }),
      withKeys('openai', makeOpenAi, { keys: openaiKeys, url: openaiUrl, env: 'OPENAI_API_KEY' }),
      withKeys('openrouter', makeOpenRouter, {
        keys: openrouterKeys,
        url: openrouterUrl,
        env: 'OPENROUTER_API_KEY',
      }),
      withKeys('zai', makeZai, { keys: zaiKeys, url: zaiUrl, env: 'ZAI_API_KEY' }),
      {
        name: 'ollama',
        make: ({ baseUrl }) => makeOllamaAt(baseUrl),
        keys: [installationKey('ollama', '')],
        baseUrl: ollamaUrl,
        absence: null,
        isSimulated: simulated.has('ollama'),
      },
    ],
    embedder: makeOllamaAt(ollamaUrl),
  };
}
