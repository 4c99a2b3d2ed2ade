import type { ProviderName } from '@mosaic/proto';
import { makeAnthropic } from '../../anthropic/adapter.ts';
import { withoutSecrets } from '../../app/credentials/describe-key.ts';
import type { Endpoint } from '../../app/vendor/vendor-endpoint.ts';
import { makeFault } from '../../app/vendor/vendor-fault.ts';
import type { Vendor, VendorFault } from '../../app/vendor/vendor-port.ts';
import { makeOpenAi } from '../../openai/adapter.ts';
import { makeOpenRouter } from '../../openrouter/adapter.ts';
import { checkOpenRouterKey } from '../../openrouter/check-key.ts';
import type { ProvidersConfig } from '../../settings.ts';
import { makeZai } from '../../zai/adapter.ts';
import { checkZaiKey } from '../../zai/check-key.ts';

/** Vendors that take keys. */
export type KeyedProvider = Exclude<ProviderName, 'ollama'>;

export interface KeyToTest {
  readonly provider: KeyedProvider;
  readonly secret: string;
  readonly baseUrl: string | null;
}

/** Asks a vendor whether it takes a key. Null: it does. Never rejects, and never repeats the key. */
export type TestKey = (key: KeyToTest) => Promise<VendorFault | null>;

const limitMs = 10_000;

interface Check {
  readonly make: (endpoint: Endpoint) => Pick<Vendor, 'listModels' | 'toFault'>;
  /** The call that tells; the list of models when absent. */
  readonly check?: (endpoint: Endpoint, signal: AbortSignal) => Promise<void>;
}

const checks: Readonly<Record<KeyedProvider, Check>> = {
  anthropic: { make: makeAnthropic },
  openai: { make: makeOpenAi },
  openrouter: { make: makeOpenRouter, check: checkOpenRouterKey },
  zai: { make: makeZai, check: checkZaiKey },
};

/** Tests keys by the cheapest real call of each vendor, within ten seconds. */
export function makeKeyTest(config: ProvidersConfig): TestKey {
  return async ({ baseUrl, provider, secret }) => {
    const endpoint = { apiKey: secret, baseUrl: baseUrl ?? installationBase(config, provider) };
    const { check, make } = checks[provider];
    const vendor = make(endpoint);
    const signal = AbortSignal.timeout(limitMs);
    try {
      if (check === undefined) await vendor.listModels(signal);
      else await check(endpoint, signal);
      return null;
    } catch (thrown) {
      if (signal.aborted) {
        return makeFault('provider_timeout', `No answer within ${limitMs / 1_000} s.`);
      }
      const fault = vendor.toFault(thrown);
      return { ...fault, message: withoutSecrets(fault.message, [secret]) };
    }
  };
}

/** Where a vendor is for everybody. */
function installationBase(config: ProvidersConfig, provider: KeyedProvider): string {
  const { anthropicUrl, openaiUrl, openrouterUrl, zaiUrl } = config;
  return { anthropic: anthropicUrl, openai: openaiUrl, openrouter: openrouterUrl, zai: zaiUrl }[
    provider
  ];
}
