import type { VendorCard } from '../app/vendor/vendor-port.ts';

// OpenRouter lists its prices live and says with every answer what it charged, so no price is
// written down here. Sizes are those of the models' makers.
const shared = {
  price: null,
  acceptsEffort: true,
} as const;

export const openRouterCards: readonly VendorCard[] = [
  {
    ...shared,
    model: 'anthropic/claude-sonnet-4.6',
    name: 'Claude Sonnet 4.6 (OpenRouter)',
    contextTokens: 1_000_000,
    maxOutputTokens: 128_000,
    capabilities: ['tools', 'vision', 'reasoning', 'json'],
    acceptsTemperature: true,
  },
  {
    ...shared,
    model: 'z-ai/glm-5',
    name: 'GLM-5 (OpenRouter)',
    contextTokens: 200_000,
    maxOutputTokens: 128_000,
    capabilities: ['tools', 'reasoning', 'json'],
    acceptsTemperature: true,
  },
  {
    ...shared,
    model: 'openai/gpt-5.4',
    name: 'GPT-5.4 (OpenRouter)',
    contextTokens: 1_050_000,
    maxOutputTokens: 128_000,
    capabilities: ['tools', 'vision', 'reasoning', 'json'],
    acceptsTemperature: false,
  },
];
