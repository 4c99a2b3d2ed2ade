import {
  type ModelCard,
  type ModelRef,
  type ProviderName,
  type RecordedCard,
  ratesFor,
} from '@mosaic/proto';

/** Prompts above this need a model with a long context. */
export const longContextTokens = 150_000;
/** The part of a context that a prompt may fill: sizes are estimates. */
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
export function findModel<Card extends ModelRef>(
  cards: readonly Card[],
  name: string,
): Card | undefined {
  const wanted = plain(name);
  const exact = cards.find((card) => plainNameOf(card).whole === wanted);
  if (exact !== undefined) return exact;
  return cards
    .filter((card) => plainNameOf(card).model === wanted)
    .sort(
      (left, right) => vendorOrder.indexOf(left.provider) - vendorOrder.indexOf(right.provider),
    )[0];
}

/** Every wish of every decision looks through all cards: their names are made plain once. */
const plainNames = new WeakMap<ModelRef, { readonly whole: string; readonly model: string }>();

function plainNameOf(card: ModelRef) {
  const known = plainNames.get(card);
  if (known !== undefined) return known;
  const made = { whole: plain(`${card.provider}/${card.model}`), model: plain(card.model) };
  plainNames.set(card, made);
  return made;
}

const latest = ':latest';

/** People write claude-opus-4.6 and claude-opus-4-6 for the same thing. */
function plain(name: string): string {
  // Most names are plain already, and every decision asks for a dozen of them.
  if (/^[a-z\d/_-]*$/.test(name)) return name;
  const dashed = name.toLowerCase().replaceAll('.', '-');
  return dashed.endsWith(latest) ? dashed.slice(0, -latest.length) : dashed;
}

/** A card as far as it decides: cards as they are now, and as an old record kept them. */
export type CandidateCard = Omit<RecordedCard, 'latency'>;

/** Tokens of a usual answer, for its cost and for the room that is kept for it. */
export const usualAnswerTokens = 600;

/**
 * Expected cost of a prompt with a usual answer, or null when the price is unknown. What the model
 * still has in its cache is charged as read from there, where that price is known.
 */
export function expectedCostUsd(
  { price }: Pick<CandidateCard, 'price'>,
  promptTokens: number,
  cachedTokens = 0,
): number | null {
  if (price === null) return null;
  const { cacheRead, input, output } = ratesFor(price, promptTokens);
  const cached = Math.min(cachedTokens, promptTokens);
  const prompt = (promptTokens - cached) * input + cached * (cacheRead ?? input);
  return (prompt + usualAnswerTokens * output) / 1_000_000;
}

export function refOf(card: ModelRef): ModelRef {
  return { provider: card.provider, model: card.model };
}
