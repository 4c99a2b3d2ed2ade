import type { ModelCard, ProviderName } from '@mosaic/proto';

export const exampleCard = (
  provider: ProviderName,
  model: string,
  more: Partial<ModelCard> = {},
): ModelCard => ({
  provider,
  model,
  name: model,
  contextTokens: 200_000,
  maxOutputTokens: 8_192,
  capabilities: ['tools', 'vision', 'reasoning', 'json'],
  price: {
    input: 3,
    output: 15,
    cacheRead: null,
    cacheWrite5m: null,
    cacheWrite1h: null,
    tiers: [],
    source: 'test',
    asOf: '2026-11-01',
  },
  isAvailable: true,
  unavailableReason: null,
  ...more,
});

const price = (input: number, output: number) => ({
  price: {
    input,
    output,
    cacheRead: null,
    cacheWrite5m: null,
    cacheWrite1h: null,
    tiers: [],
    source: 'test',
    asOf: '2026-11-01',
  },
});

/** The models that the default rules name, and a local one that sees nothing. */
export const exampleCards: readonly ModelCard[] = [
  exampleCard('anthropic', 'claude-opus-4-6', { name: 'Claude Opus 4.6', ...price(5, 25) }),
  exampleCard('anthropic', 'claude-sonnet-4-6', { name: 'Claude Sonnet 4.6' }),
  exampleCard('anthropic', 'claude-haiku-4-5', { name: 'Claude Haiku 4.5', ...price(1, 5) }),
  exampleCard('openai', 'gpt-5.4', { name: 'GPT-5.4' }),
  exampleCard('zai', 'glm-5', { name: 'GLM-5', capabilities: ['tools', 'json'] }),
  exampleCard('ollama', 'llama3.2', { name: 'Llama 3.2', capabilities: [], price: null }),
];
