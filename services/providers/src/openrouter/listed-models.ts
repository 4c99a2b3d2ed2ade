import type { ModelCard, Price, Rates } from '@mosaic/proto';
import type { ListedModel } from '../app/vendor/vendor-port.ts';

interface OpenRouterModel {
  readonly name?: string;
  readonly context_length?: number | null;
  readonly top_provider?: { readonly max_completion_tokens?: number | null } | null;
  readonly supported_parameters?: readonly string[];
  readonly architecture?: { readonly input_modalities?: readonly string[] } | null;
  readonly pricing?: Pricing;
}

/** Dollars per token, in text. */
interface Rated {
  readonly prompt?: string;
  readonly completion?: string;
  readonly input_cache_read?: string;
  readonly input_cache_write?: string;
  readonly input_cache_write_1h?: string;
  readonly internal_reasoning?: string;
}

interface Pricing extends Rated {
  readonly overrides?: readonly Override[];
}

/**
 * Holds for requests with strictly more prompt tokens than this, or at times of the day; a price that
 * it does not name stays as it is (the vendor's own SDK, `PricingOverride`).
 */
interface Override extends Rated {
  readonly min_prompt_tokens?: number;
  readonly utc_start?: number;
}

/** What the live list says about a model. */
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

function toPrice(pricing: Pricing | undefined, asOf: string): Price | null {
  if (!pricing) return null;
  const { overrides = [], ...base } = pricing;
  const rates = toRates(base);
  // What costs more at some hours of the day has no one price.
  if (!rates || overrides.some((one) => one.utc_start !== undefined)) return null;
  const byThreshold = overrides
    .filter((one) => (one.min_prompt_tokens ?? 0) > 0)
    .toSorted((left, right) => (left.min_prompt_tokens ?? 0) - (right.min_prompt_tokens ?? 0));
  const tiers: Price['tiers'] = [];
  let above: Rated = base;
  for (const { min_prompt_tokens: aboveInputTokens = 0, ...changed } of byThreshold) {
    above = { ...above, ...changed };
    const tier = toRates(above);
    if (!tier) return null;
    tiers.push({ aboveInputTokens, ...tier });
  }
  return { ...rates, tiers, source: 'https://openrouter.ai/api/v1/models', asOf };
}

function toRates(rated: Rated): Rates | null {
  const input = perMillion(rated.prompt);
  const output = perMillion(rated.completion);
  if (input === null || output === null) return null;
  const reasoning = perMillion(rated.internal_reasoning);
  return {
    input,
    output,
    cacheRead: perMillion(rated.input_cache_read),
    cacheWrite5m: perMillion(rated.input_cache_write),
    cacheWrite1h: perMillion(rated.input_cache_write_1h),
    // Zero stands for "as output": no model reasons for nothing and charges for words.
    ...(reasoning !== null && reasoning > 0 && { reasoning }),
  };
}

function perMillion(text: string | undefined): number | null {
  const perToken = Number(text);
  // −1 marks models whose price depends on where the request ends up.
  if (text === undefined || !(perToken >= 0)) return null;
  // Ten digits: what a million times a binary fraction has beyond them is noise.
  return Number((perToken * 1_000_000).toPrecision(10));
}
