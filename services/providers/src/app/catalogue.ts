import type {
  KeyStatus,
  ModelCard,
  ProviderName,
  ProviderStatus,
  RestingModel,
} from '@mosaic/proto';
import { priceNoteOf } from './cards/price-note.ts';
import { isSameModel } from './prepare-turns.ts';
import type { ListedModel, VendorCard, VendorFault } from './vendor/vendor-port.ts';

/** What is known about one vendor now. */
export interface ProviderState {
  readonly name: ProviderName;
  readonly cards: readonly VendorCard[];
  readonly isListComplete: boolean;
  readonly isSimulated: boolean;
  /** Why it can't be asked at all (no key); null when it can. */
  readonly absence: string | null;
  readonly keyHint: string | null;
  readonly keys?: readonly KeyStatus[];
  /** Models that are left alone for a while although the vendor is well. */
  readonly restingModels?: readonly RestingModel[];
  readonly loadingModels?: ProviderStatus['loadingModels'];
  /** Its live list; null as long as none was read. */
  readonly listed: readonly ListedModel[] | null;
  /** Why the last look at it failed; null when it went well or none was made. */
  readonly probeFault: VendorFault | null;
  /** Why its last calls say to leave it alone; null when they do not. */
  readonly breakerReason: string | null;
  readonly checkedAt: string | null;
}

/** Our cards with the live list laid over them, and what only the list knows. */
export function mergeCards(state: Pick<ProviderState, 'cards' | 'listed'>): VendorCard[] {
  const listed = state.listed ?? [];
  const known = state.cards.map((card) => {
    const live = listed.find((one) => isSameModel(one.model, card.model));
    return live ? layOver(card, live) : card;
  });
  const news = listed
    .filter((one) => !state.cards.some((card) => isSameModel(card.model, one.model)))
    .map((one) => layOver(blankCard(one.model), one));
  return [...known, ...news];
}

/** A card for a model nobody described: nothing is promised, nothing is priced. */
export function blankCard(model: string): VendorCard {
  return {
    model,
    name: model,
    contextTokens: null,
    maxOutputTokens: null,
    capabilities: [],
    price: null,
    reasoning: null,
    sampling: { whileReasoning: true, together: true },
    cacheFromTokens: null,
  };
}

function layOver(card: VendorCard, live: ListedModel): VendorCard {
  return {
    ...card,
    name: card.name === card.model ? (live.name ?? card.name) : card.name,
    contextTokens: live.contextTokens ?? card.contextTokens,
    maxOutputTokens: live.maxOutputTokens ?? card.maxOutputTokens,
    capabilities: live.capabilities ?? card.capabilities,
    price: live.price ?? card.price,
  };
}

/** The state as the contract shows it. */
export function toStatus(state: ProviderState): ProviderStatus {
  const reason = state.absence ?? state.breakerReason ?? state.probeFault?.message ?? null;
  return {
    name: state.name,
    isConfigured: state.absence === null,
    isHealthy: reason === null,
    isSimulated: state.isSimulated,
    reason,
    keyHint: state.keyHint,
    keys: [...(state.keys ?? [])],
    restingModels: [...(state.restingModels ?? [])],
    loadingModels: [...(state.loadingModels ?? [])],
    models: mergeCards(state).length,
    checkedAt: state.checkedAt,
  };
}

/** The models of one vendor as the contract shows them, each with the reason when it can't be used. */
export function toModelCards(state: ProviderState): ModelCard[] {
  const { reason } = toStatus(state);
  return mergeCards(state).map((card) => {
    const unavailableReason = reason ?? restReason(state, card) ?? missingReason(state, card);
    const priceNote = priceNoteOf(state.name, card);
    return {
      provider: state.name,
      model: card.model,
      name: card.name,
      contextTokens: card.contextTokens,
      maxOutputTokens: card.maxOutputTokens,
      capabilities: [...card.capabilities],
      price: card.price,
      ...(priceNote !== undefined && { priceNote }),
      isAvailable: unavailableReason === null,
      unavailableReason,
      ...(state.listed && { isListed: lists(state.listed, card) }),
    };
  });
}

function restReason({ restingModels }: ProviderState, card: VendorCard): string | null {
  return restingModels?.find((one) => one.model === card.model)?.reason ?? null;
}

function missingReason({ isListComplete, listed, name }: ProviderState, card: VendorCard) {
  if (!isListComplete) return null;
  if (!listed) return 'Not looked at yet.';
  if (lists(listed, card)) return null;
  return name === 'ollama'
    ? `Not installed: run "ollama pull ${card.model}".`
    : 'The provider does not list it now.';
}

function lists(listed: readonly ListedModel[], { model }: VendorCard): boolean {
  return listed.some((one) => isSameModel(one.model, model));
}
