import { z } from 'zod';

const dollars = z.number().nonnegative();

/**
 * US dollars per million tokens. Null means that the source does not say: tokens of that kind make
 * the cost of a call unknown, never free.
 */
export const ratesSchema = z.object({
  input: dollars.describe('Input that was neither read from nor written to a cache.'),
  output: dollars,
  cacheRead: dollars.nullable(),
  /** The vendor's ordinary write: kept for five minutes at Anthropic, for thirty at OpenAI. */
  cacheWrite5m: dollars.nullable(),
  cacheWrite1h: dollars.nullable(),
  /** Left out where reasoning is charged as output, as all five vendors do. */
  reasoning: dollars.optional(),
});
export type Rates = z.infer<typeof ratesSchema>;

/** Rates of one call when its whole input is larger than this; they hold for every token of it. */
export const priceTierSchema = ratesSchema.extend({
  aboveInputTokens: z.number().int().positive(),
});

/** What a model costs per token, where that is written, and the day it was read there. */
export const priceSchema = ratesSchema.extend({
  tiers: z.array(priceTierSchema).describe('In ascending order; empty when one price holds.'),
  source: z.string().describe('A page, a live list, or the file of the operator.'),
  asOf: z.iso.date(),
});
export type Price = z.infer<typeof priceSchema>;

/** The rates for a call with so many input tokens in all, cached or not. */
export function ratesFor(price: Pick<Price, keyof Rates | 'tiers'>, inputTokens: number): Rates {
  return price.tiers.findLast((tier) => inputTokens > tier.aboveInputTokens) ?? price;
}

/** A model card, as far as its price goes. */
export interface Priced {
  readonly price: Price | null;
  readonly priceNote?: string | undefined;
}

/** The price of a model for a list: "$3 in, $15 out per million tokens", or why there is none. */
export function describePrice({ price, priceNote }: Priced): string {
  if (price === null) return priceNote ?? 'price unknown';
  const line = `$${price.input} in, $${price.output} out per million tokens`;
  const [tier] = price.tiers;
  return tier ? `${line}, more above ${shortCount(tier.aboveInputTokens)} of input` : line;
}

function shortCount(tokens: number): string {
  return tokens >= 1_000 ? `${Math.round(tokens / 1_000)}K` : String(tokens);
}
