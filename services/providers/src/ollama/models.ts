import type { VendorCard } from '../app/vendor/vendor-port.ts';

// A local model costs nothing per token; sizes are those of the default tags and are replaced by what
// the running server says about the models it has.
const local = {
  price: null,
  acceptsTemperature: true,
} as const;

export const ollamaCards: readonly VendorCard[] = [
  {
    ...local,
    model: 'llama3.2',
    name: 'Llama 3.2',
    contextTokens: 131_072,
    maxOutputTokens: null,
    capabilities: ['tools', 'json'],
    acceptsEffort: false,
  },
  {
    ...local,
    model: 'qwen3',
    name: 'Qwen 3',
    contextTokens: 40_960,
    maxOutputTokens: null,
    capabilities: ['tools', 'reasoning', 'json'],
    // It can think or not; levels of effort are for other families.
    acceptsEffort: true,
  },
  {
    ...local,
    model: 'nomic-embed-text',
    name: 'Nomic Embed Text',
    contextTokens: 2_048,
    maxOutputTokens: null,
    capabilities: ['embedding'],
    acceptsEffort: false,
  },
];
