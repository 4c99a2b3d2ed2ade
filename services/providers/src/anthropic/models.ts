import type { ModelCard } from '@mosaic/proto';
import type { VendorCard } from '../app/vendor/vendor-port.ts';

const docs = 'https://platform.claude.com/docs/en/models';

/** Cache prices follow from the input price: 0.1× to read, 1.25× to write for five minutes. */
function priceOf(page: string, input: number, output: number): ModelCard['price'] {
  return {
    input,
    output,
    cacheRead: input * 0.1,
    cacheWrite: input * 1.25,
    source: `${docs}/${page}/overview`,
    asOf: '2026-11-24',
  };
}

/** Our own scale for models before the efforts; the least budget is 1,024 tokens. */
const thinkingBudgets = {
  none: 0,
  minimal: 1_024,
  low: 2_048,
  medium: 8_192,
  high: 16_384,
  xhigh: 24_576,
  max: 32_000,
} as const;

// The API version that this SDK speaks (2026-10-21) refuses every temperature, even the default.
export const anthropicCards: readonly VendorCard[] = [
  {
    model: 'claude-opus-4-6',
    name: 'Claude Opus 4.6',
    contextTokens: 1_000_000,
    maxOutputTokens: 128_000,
    capabilities: ['tools', 'vision', 'reasoning', 'json'],
    price: priceOf('opus-4-6', 5, 25),
    reasoning: { how: 'effort', efforts: ['none', 'low', 'medium', 'high', 'max'] },
    sampling: null,
    cacheFromTokens: 4_096,
    cacheWrite1hPrice: 10,
    priceHoldsUpToTokens: null,
  },
  {
    model: 'claude-sonnet-4-6',
    name: 'Claude Sonnet 4.6',
    contextTokens: 1_000_000,
    maxOutputTokens: 128_000,
    capabilities: ['tools', 'vision', 'reasoning', 'json'],
    price: priceOf('sonnet-4-6', 3, 15),
    reasoning: { how: 'effort', efforts: ['none', 'low', 'medium', 'high', 'max'] },
    sampling: null,
    // Pages name 1,024 or 2,048; a mark on too little is ignored, so the lesser.
    cacheFromTokens: 1_024,
    cacheWrite1hPrice: 6,
    priceHoldsUpToTokens: null,
  },
  {
    model: 'claude-haiku-4-5',
    name: 'Claude Haiku 4.5',
    contextTokens: 200_000,
    maxOutputTokens: 64_000,
    capabilities: ['tools', 'vision', 'reasoning', 'json'],
    price: priceOf('haiku-4-5', 1, 5),
    // Its thinking takes a token budget, not an effort.
    reasoning: { how: 'budget', tokens: thinkingBudgets },
    sampling: null,
    cacheFromTokens: 4_096,
    cacheWrite1hPrice: 2,
    priceHoldsUpToTokens: null,
  },
];
