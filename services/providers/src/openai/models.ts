import type { VendorCard } from '../app/vendor/vendor-port.ts';

// The vendor's own pages; the figures were read on pages that quote them and agree with each other.
const docs = 'https://developers.openai.com/api/docs';

/** What the API itself lists when it refuses another one. */
const efforts = ['none', 'low', 'medium', 'high', 'xhigh'] as const;

export const openAiCards: readonly VendorCard[] = [
  {
    model: 'gpt-5.4',
    name: 'GPT-5.4',
    contextTokens: 1_050_000,
    maxOutputTokens: 128_000,
    capabilities: ['tools', 'vision', 'reasoning', 'json'],
    price: {
      input: 2.5,
      output: 15,
      cacheRead: 0.25,
      cacheWrite: null,
      source: `${docs}/pricing`,
      asOf: '2026-11-24',
    },
    reasoning: { how: 'effort', efforts },
    // Refused by the family as soon as it reasons, which it does only when asked to.
    sampling: { whileReasoning: false, together: true },
    // It caches by itself.
    cacheFromTokens: null,
    cacheWrite1hPrice: null,
    // Longer prompts cost twice as much; the card has one price, so their cost stays unknown.
    priceHoldsUpToTokens: 272_000,
  },
  {
    model: 'gpt-5.4-mini',
    name: 'GPT-5.4 mini',
    contextTokens: 400_000,
    maxOutputTokens: 128_000,
    capabilities: ['tools', 'vision', 'reasoning', 'json'],
    price: {
      input: 0.75,
      output: 4.5,
      cacheRead: 0.075,
      cacheWrite: null,
      source: `${docs}/pricing`,
      asOf: '2026-11-24',
    },
    reasoning: { how: 'effort', efforts },
    sampling: { whileReasoning: false, together: true },
    cacheFromTokens: null,
    cacheWrite1hPrice: null,
    priceHoldsUpToTokens: null,
  },
];
