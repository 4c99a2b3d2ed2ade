import {
  type ModelCard,
  type ModelRef,
  type Need,
  type ProviderName,
  ratesFor,
} from '@mosaic/proto';

/** Prompts above this need a model with a long context. */
export const longContextTokens = 150_000;
/** The part of a context that a prompt may fill; the answer needs the rest. */
export const promptShare = 0.9;

/** Vendors by preference when several offer a model of the same name: the maker first. */
const vendorOrder: readonly ProviderName[] = ['anthropic', 'openai', 'zai', 'ollama', 'openrouter'];

/** The cards of everybody, with those of vendors that are there for one user alone in their place. */
export function withOwnModels(
  cards: readonly ModelCard[],
  own: readonly ModelCard[],
): readonly ModelCard[] {
  if (own.length === 0) return cards;
  const vendors = new Set(own.map((card) => card.provider));
  return [...cards.filter((card) => !vendors.has(card.provider)), ...own];
}

/** Finds the card that a person or a rule means by `name`: an id, or `provider/id`. */
export function findModel(cards: readonly ModelCard[], name: string): ModelCard | undefined {
  const wanted = plain(name);
  const exact = cards.find((card) => plain(`${card.provider}/${card.model}`) === wanted);
  if (exact !== undefined) return exact;
  return cards
    .filter((card) => plain(card.model) === wanted)
    .sort(
      (left, right) => vendorOrder.indexOf(left.provider) - vendorOrder.indexOf(right.provider),
    )[0];
}

/** People write claude-opus-4.6 and claude-opus-4-6 for the same thing. */
function plain(name: string): string {
  return name
    .toLowerCase()
    .replaceAll('.', '-')
    .replace(/:latest$/, '');
}

/** Why a card can't take this prompt now, or null when it can. */
export function whyNot(
  card: ModelCard,
  facts: {
    readonly needs: readonly Need[];
    readonly promptTokens: number;
    /** US dollars; undefined when nobody keeps a budget. */
    readonly budgetLeftUsd?: number | undefined;
  },
): string | null {
  if (!card.isAvailable) return card.unavailableReason ?? 'it is not available';
  if (card.capabilities.includes('embedding')) return 'it makes vectors, not answers';
  if (facts.needs.includes('vision') && !card.capabilities.includes('vision')) {
    return 'it cannot see images';
  }
  if (card.contextTokens !== null && facts.promptTokens > card.contextTokens * promptShare) {
    return `the prompt (${facts.promptTokens} tokens) does not fit its ${card.contextTokens}`;
  }
  const costUsd = expectedCostUsd(card, facts.promptTokens);
  if (costUsd !== null && facts.budgetLeftUsd !== undefined && costUsd > facts.budgetLeftUsd) {
    return `it costs about $${costUsd.toFixed(4)}, and $${facts.budgetLeftUsd.toFixed(4)} is left`;
  }
  return null;
}

/** Expected cost of a prompt with a typical answer of 600 tokens, or null when the price is unknown. */
export function expectedCostUsd(card: ModelCard, promptTokens: number): number | null {
  if (card.price === null) return null;
  const { input, output } = ratesFor(card.price, promptTokens);
  return (promptTokens * input + 600 * output) / 1_000_000;
}

export function refOf(card: ModelCard): ModelRef {
  return { provider: card.provider, model: card.model };
}
