import type { Cost, ProviderName, Rates, Usage } from '@mosaic/proto';
import { ratesFor, totalInputTokens } from '@mosaic/proto';
import type { VendorCard } from '../vendor/vendor-port.ts';
import { isCloudModel } from './price-note.ts';

export interface CostQuestion {
  readonly provider: ProviderName;
  readonly usage: Usage | null;
  /** What the vendor says it charged, in US dollars; null when it did not say. */
  readonly vendorUsd: number | null;
  readonly card: Pick<VendorCard, 'model' | 'price'>;
}

const unknownCost: Cost = { usd: null, source: 'unknown' };

/**
 * The vendor's own figure first, the price on the card second, and nothing for a model that runs on
 * this machine and has no price. What nobody knows stays null, never 0.
 */
export function costOf({ provider, usage, vendorUsd, card }: CostQuestion): Cost {
  if (vendorUsd !== null) return { usd: vendorUsd, source: 'vendor' };
  if (card.price === null && provider === 'ollama' && !isCloudModel(card.model)) {
    return { usd: 0, source: 'local' };
  }
  if (!usage || !card.price) return unknownCost;
  const usd = priceUsage(usage, ratesFor(card.price, totalInputTokens(usage)));
  return usd === null ? unknownCost : { usd, source: 'table' };
}

function priceUsage(usage: Usage, rates: Rates): number | null {
  const rows: readonly (readonly [number, number | null])[] = [
    [usage.inputTokens, rates.input],
    [usage.cacheReadTokens, rates.cacheRead],
    [usage.cacheWrite5mTokens, rates.cacheWrite5m],
    [usage.cacheWrite1hTokens, rates.cacheWrite1h],
    [usage.outputTokens, rates.output],
    [usage.reasoningTokens, rates.reasoning ?? rates.output],
  ];
  let usd = 0;
  for (const [tokens, perMillion] of rows) {
    if (tokens === 0) continue;
    if (perMillion === null) return null;
    usd += (tokens * perMillion) / 1_000_000;
  }
  return usd;
}
