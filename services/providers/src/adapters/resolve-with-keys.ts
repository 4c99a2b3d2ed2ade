import type { ModelRef } from '@mosaic/proto';
import { makeAnthropic } from '../anthropic/adapter.ts';
import { blankCard } from '../app/catalogue.ts';
import type { UserKeys } from '../app/credentials/with-user-keys.ts';
import type { Resolved, RunPorts } from '../app/run-candidates.ts';
import { makeOpenAi } from '../openai/adapter.ts';
import { makeOpenRouter } from '../openrouter/adapter.ts';
import type { ProvidersConfig } from '../settings.ts';
import { makeZai } from '../zai/adapter.ts';
import type { VendorRegistry } from './vendor-registry.ts';

interface ResolvingWithKeys {
  readonly config: ProvidersConfig;
  readonly registry: Pick<VendorRegistry, 'resolve'>;
  readonly keys: UserKeys;
}

/** Resolves candidates with the first of the user's own keys, and with the installation's else. */
export function resolveWithKeys(parts: ResolvingWithKeys): RunPorts['resolve'] {
  const { anthropicUrl, openaiUrl, openrouterUrl, zaiUrl } = parts.config;
  const makers = {
    anthropic: { make: makeAnthropic, url: anthropicUrl },
    openai: { make: makeOpenAi, url: openaiUrl },
    openrouter: { make: makeOpenRouter, url: openrouterUrl },
    zai: { make: makeZai, url: zaiUrl },
  };
  return ({ model, provider }: ModelRef): Resolved => {
    const [key] = parts.keys.get(provider) ?? [];
    if (key === undefined || provider === 'ollama')
      return parts.registry.resolve({ model, provider });
    const { make, url } = makers[provider];
    const vendor = make({ apiKey: key.secret, baseUrl: key.baseUrl ?? url });
    const card = vendor.cards.find((one) => one.model === model) ?? blankCard(model);
    return { vendor, card, isSimulated: false };
  };
}
