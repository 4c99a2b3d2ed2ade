import type { VendorCard } from '../app/vendor/vendor-port.ts';
import { codex, freeWrite, noCacheWrite, pages, pro, upToHigh, upToXhigh } from './card-parts.ts';

/** What still answers of the generations before GPT-5.4; gpt-5 itself is shut down on 2026-12-11. */
export const gpt5Cards: readonly VendorCard[] = [
  {
    model: 'gpt-5.3-codex',
    name: 'GPT-5.3 Codex',
    contextTokens: 400_000,
    maxOutputTokens: 128_000,
    capabilities: ['tools', 'vision', 'reasoning', 'json'],
    price: {
      input: 1.75,
      output: 14,
      cacheRead: 0.175,
      ...freeWrite(1.75),
      tiers: [],
      source: `${pages}/gpt-5.3-codex`,
      asOf: '2026-09-23',
    },
    ...codex,
  },
  {
    model: 'gpt-5.2',
    name: 'GPT-5.2',
    contextTokens: 400_000,
    maxOutputTokens: 128_000,
    capabilities: ['tools', 'vision', 'reasoning', 'json'],
    price: {
      input: 1.75,
      output: 14,
      cacheRead: 0.175,
      ...freeWrite(1.75),
      tiers: [],
      source: `${pages}/gpt-5.2`,
      asOf: '2026-09-23',
    },
    ...upToXhigh,
  },
  {
    model: 'gpt-5.2-pro',
    name: 'GPT-5.2 pro',
    contextTokens: 400_000,
    maxOutputTokens: 128_000,
    capabilities: ['tools', 'vision', 'reasoning'],
    price: {
      input: 21,
      output: 168,
      cacheRead: null,
      ...noCacheWrite,
      tiers: [],
      source: `${pages}/gpt-5.2-pro`,
      asOf: '2026-09-23',
    },
    ...pro,
  },
  {
    model: 'gpt-5.1',
    name: 'GPT-5.1',
    contextTokens: 400_000,
    maxOutputTokens: 128_000,
    capabilities: ['tools', 'vision', 'reasoning', 'json'],
    price: {
      input: 1.25,
      output: 10,
      cacheRead: 0.125,
      ...freeWrite(1.25),
      tiers: [],
      source: `${pages}/gpt-5.1`,
      asOf: '2026-09-23',
    },
    ...upToHigh,
  },
];
