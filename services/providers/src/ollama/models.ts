import type { VendorCard } from '../app/vendor/vendor-port.ts';

// A local model costs nothing per token; sizes are those of the default tags and are replaced by what
// the running server says about the models it has.
const local = {
  price: null,
  reasoning: null,
  sampling: { whileReasoning: true, together: true },
  cacheFromTokens: null,
} as const;

export const ollamaCards: readonly VendorCard[] = [
  {
    ...local,
    model: 'llama3.2',
    name: 'Llama 3.2',
    contextTokens: 131_072,
    maxOutputTokens: null,
    capabilities: ['tools', 'json'],
  },
  {
    ...local,
    model: 'qwen3',
    name: 'Qwen 3',
    contextTokens: 40_960,
    maxOutputTokens: null,
    capabilities: ['tools', 'reasoning', 'json'],
    // It can think or not; levels of effort are for gpt-oss.
    reasoning: { how: 'switch' },
  },
  {
    ...local,
    model: 'gpt-oss:20b',
    name: 'gpt-oss 20B',
    contextTokens: 131_072,
    maxOutputTokens: null,
    capabilities: ['tools', 'reasoning', 'json'],
    // It always thinks: its server ignores "off".
    reasoning: { how: 'effort', efforts: ['low', 'medium', 'high'] },
  },
  {
    ...local,
    model: 'nomic-embed-text',
    name: 'Nomic Embed Text',
    contextTokens: 2_048,
    maxOutputTokens: null,
    capabilities: ['embedding'],
  },
];
