import type { Quirk, ReasoningControl, VendorCard } from '../app/vendor/vendor-port.ts';

// Every figure is written on the page that the price names; none is worked out here. The vendor's rule
// for cached input (read 0.1×, write 1.25× for five minutes and 2× for an hour) has exceptions since
// Fable 5.1. From Opus 4.6 on there is no dearer long context, but for Haiku 5.5.
const models = 'https://platform.claude.com/docs/en/models';
const pricing = 'https://platform.claude.com/docs/en/about-claude/pricing#model-pricing';

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

const beforeXhigh: ReasoningControl = {
  how: 'effort',
  efforts: ['none', 'low', 'medium', 'high', 'max'],
};
const upToMax: ReasoningControl = {
  how: 'effort',
  efforts: ['none', 'low', 'medium', 'high', 'xhigh', 'max'],
};
/** For models that answer 400 when thinking is disabled. */
const alwaysUpToMax: ReasoningControl = {
  how: 'effort',
  efforts: ['low', 'medium', 'high', 'xhigh', 'max'],
};
// Opus 4.5 takes efforts too, but it thinks by a budget only.
const byBudget: ReasoningControl = { how: 'budget', tokens: thinkingBudgets };

/** https://platform.claude.com/docs/en/models/opus-5-5/whats-new-opus-5-5, and those of its siblings. */
const quirksOf55: readonly Quirk[] = ['refuses-forced-calls', 'thinks-unasked', 'binds-thoughts'];

const shared: Pick<VendorCard, 'capabilities' | 'sampling'> = {
  capabilities: ['tools', 'vision', 'reasoning', 'json'],
  // The API version that this SDK speaks (2026-10-21) refuses every temperature, even the default.
  sampling: null,
};

const opusPrice: VendorCard['price'] = {
  input: 5,
  output: 25,
  cacheRead: 0.5,
  cacheWrite5m: 6.25,
  cacheWrite1h: 10,
  tiers: [],
  source: pricing,
  asOf: '2026-11-24',
};

export const anthropicCards: readonly VendorCard[] = [
  {
    model: 'claude-opus-4-6',
    name: 'Claude Opus 4.6',
    contextTokens: 1_000_000,
    maxOutputTokens: 128_000,
    ...shared,
    price: opusPrice,
    reasoning: beforeXhigh,
    cacheFromTokens: 4_096,
  },
  {
    model: 'claude-sonnet-4-6',
    name: 'Claude Sonnet 4.6',
    contextTokens: 1_000_000,
    maxOutputTokens: 128_000,
    ...shared,
    price: {
      input: 3,
      output: 15,
      cacheRead: 0.3,
      cacheWrite5m: 3.75,
      cacheWrite1h: 6,
      tiers: [],
      source: `${models}/sonnet-4-6/overview`,
      asOf: '2026-11-24',
    },
    reasoning: beforeXhigh,
    // Pages name 1,024 or 2,048; a mark on too little is ignored, so the lesser.
    cacheFromTokens: 1_024,
  },
  {
    model: 'claude-haiku-4-5',
    name: 'Claude Haiku 4.5',
    contextTokens: 200_000,
    maxOutputTokens: 64_000,
    ...shared,
    price: {
      input: 1,
      output: 5,
      cacheRead: 0.1,
      cacheWrite5m: 1.25,
      cacheWrite1h: 2,
      tiers: [],
      source: `${models}/haiku-4-5/overview`,
      asOf: '2026-11-24',
    },
    reasoning: byBudget,
    cacheFromTokens: 4_096,
  },
  {
    model: 'claude-fable-5-1',
    name: 'Claude Fable 5.1',
    contextTokens: 1_000_000,
    maxOutputTokens: 128_000,
    ...shared,
    // Cached input at a fortieth, not the usual tenth (the table's first footnote).
    price: {
      input: 10,
      output: 50,
      cacheRead: 0.25,
      cacheWrite5m: 12.5,
      cacheWrite1h: 20,
      tiers: [],
      source: pricing,
      asOf: '2026-11-24',
    },
    reasoning: alwaysUpToMax,
    cacheFromTokens: 512,
    quirks: quirksOf55,
  },
  {
    model: 'claude-opus-5-5',
    name: 'Claude Opus 5.5',
    contextTokens: 1_000_000,
    maxOutputTokens: 128_000,
    ...shared,
    price: {
      input: 4,
      output: 20,
      cacheRead: 0.2,
      cacheWrite5m: 5,
      cacheWrite1h: 8,
      tiers: [],
      source: `${models}/opus-5-5/overview`,
      asOf: '2026-11-24',
    },
    reasoning: alwaysUpToMax,
    cacheFromTokens: 512,
    quirks: quirksOf55,
  },
  {
    model: 'claude-sonnet-5-5',
    name: 'Claude Sonnet 5.5',
    contextTokens: 1_000_000,
    maxOutputTokens: 128_000,
    ...shared,
    // Cached input cost 0.20 until 2026-10-07.
    price: {
      input: 2,
      output: 10,
      cacheRead: 0.1,
      cacheWrite5m: 2.5,
      cacheWrite1h: 4,
      tiers: [],
      source: `${models}/sonnet-5-5/overview`,
      asOf: '2026-11-24',
    },
    // It refuses `disabled`; what it has instead still thinks between tool calls.
    reasoning: alwaysUpToMax,
    cacheFromTokens: 512,
    quirks: quirksOf55,
  },
  {
    model: 'claude-haiku-5-5',
    name: 'Claude Haiku 5.5',
    contextTokens: 1_000_000,
    maxOutputTokens: 128_000,
    ...shared,
    price: {
      input: 0.1,
      output: 0.5,
      cacheRead: 0.01,
      cacheWrite5m: 0.125,
      cacheWrite1h: 0.2,
      tiers: [
        {
          aboveInputTokens: 100_000,
          input: 0.5,
          output: 2.5,
          cacheRead: 0.05,
          cacheWrite5m: 0.625,
          cacheWrite1h: 1,
        },
      ],
      source: `${models}/haiku-5-5/overview`,
      asOf: '2026-11-24',
    },
    reasoning: upToMax,
    cacheFromTokens: 512,
    quirks: ['thinks-unasked', 'binds-thoughts'],
  },
  {
    model: 'claude-opus-5',
    name: 'Claude Opus 5',
    contextTokens: 1_000_000,
    maxOutputTokens: 128_000,
    ...shared,
    price: opusPrice,
    reasoning: upToMax,
    cacheFromTokens: 512,
    quirks: ['thinks-unasked'],
  },
  {
    model: 'claude-sonnet-5',
    name: 'Claude Sonnet 5',
    contextTokens: 1_000_000,
    maxOutputTokens: 128_000,
    ...shared,
    price: {
      input: 2,
      output: 10,
      cacheRead: 0.2,
      cacheWrite5m: 2.5,
      cacheWrite1h: 4,
      tiers: [],
      source: `${models}/sonnet-5/overview`,
      asOf: '2026-11-24',
    },
    reasoning: upToMax,
    cacheFromTokens: 1_024,
    quirks: ['thinks-unasked'],
  },
  {
    model: 'claude-opus-4-8',
    name: 'Claude Opus 4.8',
    contextTokens: 1_000_000,
    maxOutputTokens: 128_000,
    ...shared,
    price: opusPrice,
    reasoning: upToMax,
    cacheFromTokens: 1_024,
  },
  {
    model: 'claude-opus-4-7',
    name: 'Claude Opus 4.7',
    contextTokens: 1_000_000,
    maxOutputTokens: 128_000,
    ...shared,
    price: opusPrice,
    reasoning: upToMax,
    cacheFromTokens: 2_048,
  },
  {
    model: 'claude-opus-4-5',
    name: 'Claude Opus 4.5',
    contextTokens: 200_000,
    maxOutputTokens: 64_000,
    ...shared,
    price: opusPrice,
    reasoning: byBudget,
    cacheFromTokens: 4_096,
  },
];
