import type { CardFile, ModelRef, Price } from '@mosaic/proto';
import { blankCard } from '../catalogue.ts';
import { isSameModel } from '../prepare-turns.ts';
import type { ListedModel, Vendor, VendorCard } from '../vendor/vendor-port.ts';

/** What an operator's file says about one model, with whole prices. */
export interface CardOverride extends Omit<CardFile['models'][number], 'price'> {
  readonly price?: Price | null | undefined;
}

export interface CardSources {
  readonly overrides: readonly CardOverride[];
  /** The price of a model that neither the vendor's list nor our cards price; null when unknown. */
  priceOf(model: ModelRef): Price | null;
}

/**
 * The vendor with what else is known about its models: the operator's file wins, then the vendor's own
 * live list, then our cards, then the price table.
 */
export function enrichVendor(vendor: Vendor, { overrides, priceOf }: CardSources): Vendor {
  const { name: provider } = vendor;
  const own = overrides.filter((one) => one.provider === provider);
  const overrideOf = (model: string) =>
    own.find((one) => one.model === model) ?? own.find((one) => covers(one.model, model));
  const finish = (card: VendorCard): VendorCard => {
    const price = card.price ?? priceOf({ provider, model: card.model });
    const override = overrideOf(card.model);
    return { ...layOver({ ...card, price }, override), ...behaviourOf(override) };
  };
  const added = own
    .filter((one) => !vendor.cards.some((card) => covers(one.model, card.model)))
    .map((one) => blankCard(one.model));
  const cards = [...vendor.cards, ...added].map(finish);
  const finishListed = (listed: ListedModel): ListedModel => {
    const hasCard = cards.some((card) => isSameModel(card.model, listed.model));
    const price = listed.price ?? (hasCard ? null : priceOf({ provider, model: listed.model }));
    return layOver({ ...listed, price }, overrideOf(listed.model));
  };
  return {
    ...vendor,
    cards,
    listModels: async (signal) => (await vendor.listModels(signal)).map(finishListed),
  };
}

/** How the model is asked: only our cards say that, no list does. */
function behaviourOf(override: CardOverride | undefined): Partial<VendorCard> {
  const { reasoning, sampling, cacheFromTokens, quirks } = override ?? {};
  return {
    ...(reasoning !== undefined && { reasoning }),
    ...(sampling !== undefined && { sampling }),
    ...(cacheFromTokens !== undefined && { cacheFromTokens }),
    ...(quirks !== undefined && { quirks }),
  };
}

/** "gpt-5.4" stands for its dated versions too, but a dated one for nothing but itself. */
function covers(named: string, model: string): boolean {
  return named.length <= model.length && isSameModel(named, model);
}

function layOver<Known extends VendorCard | ListedModel>(
  known: Known,
  override: CardOverride | undefined,
): Known {
  if (!override) return known;
  const { name, contextTokens, maxOutputTokens, capabilities, price } = override;
  return {
    ...known,
    ...(name !== undefined && { name }),
    ...(contextTokens !== undefined && { contextTokens }),
    ...(maxOutputTokens !== undefined && { maxOutputTokens }),
    ...(capabilities !== undefined && { capabilities }),
    ...(price !== undefined && { price }),
  };
}
