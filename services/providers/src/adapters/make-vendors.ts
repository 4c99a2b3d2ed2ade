import type { ProviderName } from '@mosaic/proto';
import { makeAnthropic } from '../anthropic/adapter.ts';
import type { Endpoint } from '../app/vendor/vendor-endpoint.ts';
import type { Embedder, Vendor } from '../app/vendor/vendor-port.ts';
import { makeOllama } from '../ollama/adapter.ts';
import { makeOpenAi } from '../openai/adapter.ts';
import { makeOpenRouter } from '../openrouter/adapter.ts';
import { ollamaBaseUrl, type ProvidersConfig } from '../settings.ts';
import { makeZai } from '../zai/adapter.ts';
import { vendorFetch } from './vendor-fetch.ts';

/** A vendor as this installation is set up for it. */
export interface ConfiguredVendor {
  readonly vendor: Vendor;
  /** Why it can't be asked, with what to do about it; null when it can. */
  readonly absence: string | null;
  readonly keyHint: string | null;
  readonly isSimulated: boolean;
}

export interface ConfiguredVendors {
  readonly all: readonly ConfiguredVendor[];
  readonly embedder: Pick<Vendor, 'toFault'> & Embedder;
}

/** Makes all five; one without a key is there with the reason and is never asked. */
export function makeVendors(config: ProvidersConfig): ConfiguredVendors {
  const simulated = new Set<ProviderName>(config.simulated);
  const withKey = (
    make: (endpoint: Endpoint) => Vendor,
    { key, url, env }: { key: string | undefined; url: string; env: string },
  ): ConfiguredVendor => {
    const vendor = keepSecret(
      make({ apiKey: key ?? 'none', baseUrl: url, fetch: vendorFetch }),
      key,
    );
    return {
      vendor,
      absence: key ? null : `No key: set ${env} (or ${env}_FILE).`,
      keyHint: key ? hintOf(key) : null,
      isSimulated: simulated.has(vendor.name),
    };
  };
  const ollama = makeOllama({
    baseUrl: ollamaBaseUrl(config),
    longestContextTokens: config.ollamaContextTokens,
    fetch: vendorFetch,
  });
  const { anthropicKey, anthropicUrl, openaiKey, openaiUrl } = config;
  const { openrouterKey, openrouterUrl, zaiKey, zaiUrl } = config;
  return {
    all: [
      withKey(makeAnthropic, { key: anthropicKey, url: anthropicUrl, env: 'ANTHROPIC_API_KEY' }),
      withKey(makeOpenAi, { key: openaiKey, url: openaiUrl, env: 'OPENAI_API_KEY' }),
      withKey(makeOpenRouter, {
        key: openrouterKey,
        url: openrouterUrl,
        env: 'OPENROUTER_API_KEY',
      }),
      withKey(makeZai, { key: zaiKey, url: zaiUrl, env: 'ZAI_API_KEY' }),
      { vendor: ollama, absence: null, keyHint: null, isSimulated: simulated.has('ollama') },
    ],
    embedder: ollama,
  };
}

/** Some vendors and proxies repeat the key in their errors: nobody else may read it there. */
function keepSecret(vendor: Vendor, key: string | undefined): Vendor {
  if (!key) return vendor;
  return {
    ...vendor,
    toFault(thrown) {
      const fault = vendor.toFault(thrown);
      return { ...fault, message: fault.message.replaceAll(key, '(the key)') };
    },
  };
}

/** The last four characters, and nothing of a key so short that they would give it away. */
function hintOf(key: string): string | null {
  return key.length >= 12 ? key.slice(-4) : null;
}
