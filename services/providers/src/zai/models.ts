import type { VendorCard } from '../app/vendor/vendor-port.ts';

// The vendor's own page, read there or, where the day is earlier, on pages that quote it and agree.
const source = 'https://docs.z.ai/guides/overview/pricing';

// Keeping cached input is "free for a limited time", and the vendor reports no writes.
const noCacheWrite = { cacheWrite5m: null, cacheWrite1h: null } as const;

type Control = Pick<VendorCard, 'reasoning' | 'sampling' | 'cacheFromTokens'>;

const bySwitch: Control = {
  reasoning: { how: 'switch' },
  sampling: { whileReasoning: true, together: true },
  // The vendor caches by itself.
  cacheFromTokens: null,
};

// GLM-5.2 takes every name, but low and medium mean high there, and xhigh means max.
const upToMax: Control = {
  ...bySwitch,
  reasoning: { how: 'effort', efforts: ['none', 'high', 'max'] },
};

// GLM-5.3 can't be kept from thinking: asked for none it thinks as much as it can.
const always: Control = {
  ...bySwitch,
  reasoning: { how: 'effort', efforts: ['low', 'high', 'max'] },
};

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
      ...noCacheWrite,
      tiers: [],
      source,
      asOf: '2026-11-24',
    },
    ...bySwitch,
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
      ...noCacheWrite,
      tiers: [],
      source,
      asOf: '2026-11-24',
    },
    ...bySwitch,
  },
  {
    model: 'glm-5.3',
    name: 'GLM-5.3',
    contextTokens: 1_000_000,
    maxOutputTokens: 128_000,
    capabilities: ['tools', 'reasoning', 'json'],
    price: {
      input: 1.4,
      output: 4.4,
      cacheRead: 0.26,
      ...noCacheWrite,
      tiers: [],
      source,
      asOf: '2026-08-19',
    },
    ...always,
  },
  {
    model: 'glm-5.3-flash',
    name: 'GLM-5.3 Flash',
    contextTokens: 1_000_000,
    maxOutputTokens: 128_000,
    capabilities: ['tools', 'vision', 'reasoning', 'json'],
    // The list price; it cost half of that until 2026-09-09.
    price: {
      input: 0.15,
      output: 0.5,
      cacheRead: 0.03,
      ...noCacheWrite,
      tiers: [],
      source,
      asOf: '2026-09-23',
    },
    ...always,
  },
  {
    model: 'glm-5.2',
    name: 'GLM-5.2',
    contextTokens: 1_000_000,
    maxOutputTokens: 128_000,
    capabilities: ['tools', 'reasoning', 'json'],
    price: {
      input: 1.4,
      output: 4.4,
      cacheRead: 0.26,
      ...noCacheWrite,
      tiers: [],
      source,
      asOf: '2026-08-04',
    },
    ...upToMax,
  },
  {
    model: 'glm-5.1',
    name: 'GLM-5.1',
    contextTokens: 200_000,
    maxOutputTokens: 128_000,
    capabilities: ['tools', 'reasoning', 'json'],
    price: {
      input: 1.4,
      output: 4.4,
      cacheRead: 0.26,
      ...noCacheWrite,
      tiers: [],
      source,
      asOf: '2026-07-02',
    },
    ...bySwitch,
  },
  {
    model: 'glm-5-turbo',
    name: 'GLM-5 Turbo',
    contextTokens: 200_000,
    maxOutputTokens: 128_000,
    capabilities: ['tools', 'reasoning', 'json'],
    price: {
      input: 1.2,
      output: 4,
      cacheRead: 0.24,
      ...noCacheWrite,
      tiers: [],
      source,
      asOf: '2026-11-24',
    },
    ...bySwitch,
  },
  {
    model: 'glm-5v-turbo',
    name: 'GLM-5V Turbo',
    contextTokens: 200_000,
    maxOutputTokens: 128_000,
    capabilities: ['tools', 'vision', 'reasoning', 'json'],
    price: {
      input: 1.2,
      output: 4,
      cacheRead: 0.24,
      ...noCacheWrite,
      tiers: [],
      source,
      asOf: '2026-07-02',
    },
    ...bySwitch,
  },
  {
    model: 'glm-4.7-flashx',
    name: 'GLM-4.7 FlashX',
    contextTokens: 200_000,
    maxOutputTokens: 128_000,
    capabilities: ['tools', 'reasoning', 'json'],
    price: {
      input: 0.07,
      output: 0.4,
      cacheRead: 0.01,
      ...noCacheWrite,
      tiers: [],
      source,
      asOf: '2026-11-24',
    },
    ...bySwitch,
  },
  {
    model: 'glm-4.7-flash',
    name: 'GLM-4.7 Flash',
    contextTokens: 200_000,
    maxOutputTokens: 128_000,
    capabilities: ['tools', 'reasoning', 'json'],
    // Free of charge.
    price: {
      input: 0,
      output: 0,
      cacheRead: 0,
      ...noCacheWrite,
      tiers: [],
      source,
      asOf: '2026-11-24',
    },
    ...bySwitch,
  },
  {
    model: 'glm-4.6',
    name: 'GLM-4.6',
    contextTokens: 200_000,
    maxOutputTokens: 128_000,
    capabilities: ['tools', 'reasoning', 'json'],
    price: {
      input: 0.6,
      output: 2.2,
      cacheRead: 0.11,
      ...noCacheWrite,
      tiers: [],
      source,
      asOf: '2026-11-24',
    },
    ...bySwitch,
  },
  {
    model: 'glm-4.6v',
    name: 'GLM-4.6V',
    contextTokens: 128_000,
    maxOutputTokens: 32_768,
    capabilities: ['tools', 'vision', 'reasoning', 'json'],
    price: {
      input: 0.3,
      output: 0.9,
      cacheRead: null,
      ...noCacheWrite,
      tiers: [],
      source,
      asOf: '2026-07-02',
    },
    ...bySwitch,
  },
  {
    model: 'glm-4.5-air',
    name: 'GLM-4.5 Air',
    contextTokens: 131_072,
    maxOutputTokens: 98_304,
    capabilities: ['tools', 'reasoning', 'json'],
    price: {
      input: 0.2,
      output: 1.1,
      cacheRead: 0.03,
      ...noCacheWrite,
      tiers: [],
      source,
      asOf: '2026-11-24',
    },
    ...bySwitch,
  },
];
