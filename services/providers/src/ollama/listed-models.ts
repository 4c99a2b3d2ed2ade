import type { ModelCard } from '@mosaic/proto';
import type { ListedModel } from '../app/vendor/vendor-port.ts';

/** What /api/show says about a model, as far as it says it. */
export interface ShownModel {
  readonly capabilities?: readonly string[];
  readonly model_info?: unknown;
}

const capabilityNames = new Map<string, ModelCard['capabilities'][number]>([
  ['tools', 'tools'],
  ['vision', 'vision'],
  ['thinking', 'reasoning'],
  ['embedding', 'embedding'],
]);

/** Merges a name of /api/tags with what /api/show says; `:latest` is what people leave out. */
export function describeModel(tag: string, shown: ShownModel | undefined): ListedModel {
  const info = Object.entries(Object(shown?.model_info ?? {}));
  const context = info.find(([key]) => key.endsWith('.context_length'))?.[1];
  const capabilities = shown?.capabilities?.flatMap((name) => capabilityNames.get(name) ?? []);
  return {
    model: tag.replace(/:latest$/, ''),
    name: null,
    contextTokens: typeof context === 'number' && context > 0 ? context : null,
    maxOutputTokens: null,
    capabilities: capabilities
      ? // Every model that writes can be held to a JSON schema by the server.
        [...capabilities, ...(capabilities.includes('embedding') ? [] : (['json'] as const))]
      : null,
    price: null,
  };
}
