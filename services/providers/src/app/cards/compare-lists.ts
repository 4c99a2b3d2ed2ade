import type { CatalogueChange, ModelCard, Price, ProviderName } from '@mosaic/proto';
import { formatModelRef, priceSchema } from '@mosaic/proto';
import { z } from 'zod';
import { isSameModel } from '../prepare-turns.ts';
import type { ListedModel, VendorCard } from '../vendor/vendor-port.ts';

/** What is kept of a vendor's list: what the vendor may change, without the day it was read. */
export const seenModelSchema = z.object({
  model: z.string(),
  contextTokens: z.number().nullable(),
  maxOutputTokens: z.number().nullable(),
  price: priceSchema.omit({ source: true, asOf: true }).nullable(),
  endsOn: z.string().nullable(),
});
export type SeenModel = z.infer<typeof seenModelSchema>;

export interface ListComparison {
  readonly provider: ProviderName;
  readonly before: readonly SeenModel[];
  readonly now: readonly SeenModel[];
  /** The cards of this installation: what they are about is relied on. */
  readonly cards: readonly Pick<VendorCard, 'model'>[];
}

export function seenOf({ model, contextTokens, maxOutputTokens, price, endsOn }: ListedModel) {
  const seen: SeenModel = {
    model,
    contextTokens,
    maxOutputTokens,
    price: price && withoutOrigin(price),
    endsOn: endsOn ?? null,
  };
  return seen;
}

function withoutOrigin({ source: _, asOf: __, ...rates }: Price): SeenModel['price'] {
  return rates;
}

/** What came, went, and changed between two looks at one vendor's list; relied-on models first. */
export function compareLists({ provider, before, now, cards }: ListComparison): CatalogueChange[] {
  const change = (model: string, kind: CatalogueChange['kind'], news: string): CatalogueChange => ({
    provider,
    model,
    kind,
    text: `${formatModelRef({ provider, model })} ${news}`.slice(0, 500),
    isRelied: cards.some((card) => isSameModel(card.model, model)),
  });
  const earlier = new Map(before.map((one) => [one.model, one]));
  const present = new Set(now.map((one) => one.model));
  const changes = [
    ...before
      .filter((one) => !present.has(one.model))
      .map((one) => change(one.model, 'went', 'is not in the vendor’s list any more.')),
    ...now.flatMap((one) => {
      const old = earlier.get(one.model);
      if (!old) return [change(one.model, 'came', 'is new in the vendor’s list.')];
      return differences(old, one).map(({ kind, news }) => change(one.model, kind, news));
    }),
  ];
  return changes.sort((left, right) => Number(right.isRelied) - Number(left.isRelied));
}

interface Difference {
  readonly kind: CatalogueChange['kind'];
  readonly news: string;
}

function differences(old: SeenModel, now: SeenModel): Difference[] {
  const found: Difference[] = [];
  if (now.endsOn !== old.endsOn && now.endsOn !== null) {
    found.push({ kind: 'ends', news: `is shut down by its vendor on ${now.endsOn}.` });
  }
  if (old.contextTokens !== now.contextTokens || old.maxOutputTokens !== now.maxOutputTokens) {
    found.push({ kind: 'size', news: `changed its size: ${sizeOf(old)}, now ${sizeOf(now)}.` });
  }
  const [oldPrice, nowPrice] = [describePrice(old.price), describePrice(now.price)];
  if (oldPrice !== nowPrice) {
    found.push({ kind: 'price', news: `changed its price: ${oldPrice}, now ${nowPrice}.` });
  }
  return found;
}

function sizeOf({ contextTokens, maxOutputTokens }: SeenModel): string {
  return `${contextTokens ?? 'unknown'} tokens of context and ${maxOutputTokens ?? 'unknown'} of output`;
}

/** A price in one line; two prices are the same when their lines are. */
export function describePrice(price: SeenModel['price']): string {
  if (price === null) return 'no price';
  const { tiers, ...base } = price;
  const above = tiers.map((tier) => `above ${tier.aboveInputTokens} tokens ${ratesLine(tier)}`);
  return [ratesLine(base), ...above].join('; ');
}

function ratesLine(rates: Omit<Price, 'source' | 'asOf' | 'tiers'>): string {
  const named: readonly (readonly [string, number | null | undefined])[] = [
    ['in', rates.input],
    ['out', rates.output],
    ['cache read', rates.cacheRead],
    ['cache write', rates.cacheWrite5m],
    ['1 h cache write', rates.cacheWrite1h],
    ['reasoning', rates.reasoning],
  ];
  return named
    .flatMap(([name, rate]) => (typeof rate === 'number' ? [`$${rate} ${name}`] : []))
    .join(', ');
}

/** Makers whose own price OpenRouter passes on as it is; for open models it lists the cheapest host. */
const resold = ['anthropic', 'openai'] as const;

export interface PricedCards {
  readonly provider: ProviderName;
  readonly cards: readonly Pick<ModelCard, 'model' | 'price'>[];
}

/** Cards whose price is not the one in OpenRouter's live list, which passes the makers' prices on. */
export function findDisagreements(
  { provider, cards }: PricedCards,
  listed: readonly ListedModel[],
): CatalogueChange[] {
  if (!resold.some((maker) => maker === provider)) return [];
  return cards.flatMap(({ model, price }) => {
    const live = listed.find((one) => plain(one.model) === plain(`${provider}/${model}`))?.price;
    if (!price || !live || (live.input === price.input && live.output === price.output)) return [];
    const ours = `$${price.input} in, $${price.output} out (${price.source}, ${price.asOf})`;
    const theirs = `$${live.input} in, $${live.output} out`;
    const text = `The card of ${provider}/${model} says ${ours}; OpenRouter lists ${theirs}.`;
    return [{ provider, model, kind: 'disagrees', text: text.slice(0, 500), isRelied: true }];
  });
}

/** The makers write claude-opus-4-6 where OpenRouter writes claude-opus-4.6. */
function plain(name: string): string {
  return name.replaceAll('.', '-');
}
