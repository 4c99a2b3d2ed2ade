import type { ModelRef, Price, Rates } from '@mosaic/proto';
import { calcPrice, type MatchLogic, type ModelPrice } from '@pydantic/genai-prices';
import { isSameModel } from '../../app/prepare-turns.ts';

/** The edition of the table that is installed, and the day it was published. */
export const edition = { version: '0.1.8', asOf: '2026-09-23' } as const;
const source = `https://github.com/pydantic/genai-prices (npm ${edition.version})`;

/**
 * The price of a model in a table that is part of this installation; null when it is not there. The
 * package asks nobody anything: only its `updatePrices`, which nothing here calls, could.
 */
export function tablePriceOf({ provider, model }: ModelRef): Price | null {
  if (provider === 'ollama') return null;
  const found = calcPrice({}, model, { providerId: provider });
  // A row may match by the beginning of a name: "claude-sonnet-5" would price claude-sonnet-5-5, whose
  // cached input costs half. A name that nobody wrote down is not priced by its relative.
  if (!found || !names(found.model.match, found.model.id, model)) return null;
  return toPrice(found.model_price);
}

function names(match: MatchLogic, id: string, model: string): boolean {
  if (isSameModel(id.toLowerCase(), model.toLowerCase())) return true;
  if ('equals' in match) return match.equals === model;
  return 'or' in match && match.or.some((one) => names(one, id, model));
}

function toPrice(prices: ModelPrice): Price | null {
  const base = toRates(prices, 0);
  if (base === null) return null;
  const limits = new Set(
    Object.values(prices).flatMap((price) =>
      typeof price === 'object' ? price.tiers.map((tier) => tier.start) : [],
    ),
  );
  const tiers = [...limits]
    .sort((left, right) => left - right)
    .flatMap((aboveInputTokens) => {
      const rates = toRates(prices, aboveInputTokens + 1);
      return rates ? [{ aboveInputTokens, ...rates }] : [];
    });
  return { ...base, tiers, source, asOf: edition.asOf };
}

function toRates(prices: ModelPrice, inputTokens: number): Rates | null {
  const rateOf = (key: string): number | null => {
    const price = prices[key];
    if (typeof price !== 'object') return price ?? null;
    return price.tiers.findLast((tier) => inputTokens > tier.start)?.price ?? price.base;
  };
  const input = rateOf('input_mtok');
  const output = rateOf('output_mtok');
  if (input === null || output === null) return null;
  const reasoning = rateOf('output_reasoning_mtok');
  return {
    input,
    output,
    cacheRead: rateOf('cache_read_mtok'),
    cacheWrite5m: rateOf('cache_write_mtok'),
    cacheWrite1h: rateOf('cache_write_1h_mtok'),
    ...(reasoning !== null && { reasoning }),
  };
}
