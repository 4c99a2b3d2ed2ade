import type { VendorCard } from '../app/vendor/vendor-port.ts';

// The vendor's own page; the figures were read on pages that quote it and agree with each other.
const source = 'https://docs.z.ai/guides/overview/pricing';

export const zaiCards: readonly VendorCard[] = [
  {
    model: 'glm-5',
    name: 'GLM-5',
    contextTokens: 200_000,
    maxOutputTokens: 128_000,
    capabilities: ['tools', 'reasoning', 'json'],
    price: {
      input: 1,
      output: 3.2,
      cacheRead: 0.2,
      cacheWrite: null,
      source,
      asOf: '2026-11-24',
    },
    // `reasoning_effort` exists from GLM-5.2 on.
    reasoning: { how: 'switch' },
    sampling: { whileReasoning: true, together: true },
    // It caches by itself.
    cacheFromTokens: null,
    cacheWrite1hPrice: null,
    priceHoldsUpToTokens: null,
  },
  {
    model: 'glm-4.7',
    name: 'GLM-4.7',
    contextTokens: 200_000,
    maxOutputTokens: 128_000,
    capabilities: ['tools', 'reasoning', 'json'],
    price: {
      input: 0.6,
      output: 2.2,
      cacheRead: 0.11,
      cacheWrite: null,
      source,
      asOf: '2026-11-24',
    },
    reasoning: { how: 'switch' },
    sampling: { whileReasoning: true, together: true },
    cacheFromTokens: null,
    cacheWrite1hPrice: null,
    priceHoldsUpToTokens: null,
  },
];
