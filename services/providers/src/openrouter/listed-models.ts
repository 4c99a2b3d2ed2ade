import type { ModelCard } from '@mosaic/proto';
import type { ListedModel } from '../app/vendor/vendor-port.ts';

interface OpenRouterModel {
  readonly name?: string;
  readonly context_length?: number | null;
  readonly top_provider?: { readonly max_completion_tokens?: number | null } | null;
  readonly supported_parameters?: readonly string[];
  readonly architecture?: { readonly input_modalities?: readonly string[] } | null;
  readonly pricing?: Readonly<Record<string, string>>;
}

/** What the live list says about a model; prices come as dollars per token, in text. */
export function describeModel(listed: unknown, today: string): Partial<ListedModel> {
  // The SDK's type knows ids only; the vendor documents these fields, each may be missing.
  const model = listed as OpenRouterModel;
  const takes = new Set(model.supported_parameters ?? []);
  const capabilities: ModelCard['capabilities'] = [];
  if (takes.has('tools')) capabilities.push('tools');
  if (model.architecture?.input_modalities?.includes('image')) capabilities.push('vision');
  if (takes.has('reasoning')) capabilities.push('reasoning');
  if (takes.has('response_format')) capabilities.push('json');
  return {
    name: model.name ?? null,
    contextTokens: positive(model.context_length),
    maxOutputTokens: positive(model.top_provider?.max_completion_tokens),
    capabilities: model.supported_parameters ? capabilities : null,
    price: toPrice(model.pricing, today),
  };
}

function positive(value: number | null | undefined): number | null {
  return value && value > 0 ? Math.floor(value) : null;
}

function toPrice(pricing: OpenRouterModel['pricing'], asOf: string): ListedModel['price'] {
  const perMillion = (text: string | undefined) => {
    const perToken = Number(text);
    // −1 marks models whose price depends on where the request ends up.
    return text === undefined || !(perToken >= 0) ? null : perToken * 1_000_000;
  };
  const input = perMillion(pricing?.['prompt']);
  const output = perMillion(pricing?.['completion']);
  if (input === null || output === null) return null;
  return {
    input,
    output,
    cacheRead: perMillion(pricing?.['input_cache_read']),
    cacheWrite: perMillion(pricing?.['input_cache_write']),
    source: 'https://openrouter.ai/api/v1/models',
    asOf,
  };
}
