import type { VendorCard } from '../app/vendor/vendor-port.ts';
import { openRouterEfforts } from './wire.ts';

// OpenRouter lists its prices live and says with every answer what it charged, so no price is
// written down here. Sizes are those of the models' makers.
const shared = {
  price: null,
  reasoning: { how: 'effort', efforts: openRouterEfforts },
} as const;

export const openRouterCards: readonly VendorCard[] = [
  {
    ...shared,
    model: 'anthropic/claude-sonnet-4.6',
    name: 'Claude Sonnet 4.6 (OpenRouter)',
    contextTokens: 1_000_000,
    maxOutputTokens: 128_000,
    capabilities: ['tools', 'vision', 'reasoning', 'json'],
    // Claude takes one of the two, and none while it thinks.
    sampling: { whileReasoning: false, together: false },
    cacheFromTokens: 1_024,
  },
  {
    ...shared,
    model: 'z-ai/glm-5',
    name: 'GLM-5 (OpenRouter)',
    contextTokens: 200_000,
    maxOutputTokens: 128_000,
    capabilities: ['tools', 'reasoning', 'json'],
    sampling: { whileReasoning: true, together: true },
    cacheFromTokens: null,
  },
  {
    ...shared,
    model: 'openai/gpt-5.4',
    name: 'GPT-5.4 (OpenRouter)',
    contextTokens: 1_050_000,
    maxOutputTokens: 128_000,
    capabilities: ['tools', 'vision', 'reasoning', 'json'],
    sampling: { whileReasoning: false, together: true },
    cacheFromTokens: null,
  },
];
