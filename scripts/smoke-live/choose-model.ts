import type { ModelCard, ModelRef, ProviderName } from '@mosaic/proto';
import { anthropicCards } from '../../services/providers/src/anthropic/models.ts';
import { ollamaCards } from '../../services/providers/src/ollama/models.ts';
import { openAiCards } from '../../services/providers/src/openai/models.ts';
import { openRouterCards } from '../../services/providers/src/openrouter/models.ts';
import { zaiCards } from '../../services/providers/src/zai/models.ts';

const known = new Set(
  [anthropicCards, ollamaCards, openAiCards, openRouterCards, zaiCards]
    .flat()
    .map(({ model }) => model),
);

/**
 * The models of a vendor that can use tools, the cheapest first: those we have cards for, before those
 * that only its live list names (hundreds, some of them toys). Empty when the vendor has none.
 */
export function modelsByPrice(
  models: readonly ModelCard[],
  provider: ProviderName,
): readonly ModelRef[] {
  const usable = models.filter(
    (card) =>
      card.provider === provider && card.isAvailable && !card.capabilities.includes('embedding'),
  );
  const withTools = usable.filter((card) => card.capabilities.includes('tools'));
  const carded = withTools.filter((card) => known.has(card.model));
  const groups = [carded, withTools, usable];
  const best = groups.find((group) => group.length > 0) ?? [];
  return best.toSorted(byPrice).map(({ model }) => ({ provider, model }));
}

/** Without a price last: what nobody knows may be dear. */
function byPrice(left: ModelCard, right: ModelCard): number {
  const priceOf = ({ price }: ModelCard) => (price ? price.input + price.output : Number.MAX_VALUE);
  return priceOf(left) - priceOf(right);
}
