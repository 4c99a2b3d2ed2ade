import { noUsage, type ProviderName } from '@mosaic/proto';
import { costOf } from '../cards/cost-of.ts';
import type { CompletionRequest, VendorRequest } from '../vendor/vendor-port.ts';

/** Output that is expected of a request without a bound of its own. */
export const usualOutputTokens = 4_096;

// UTF-8 bytes and not characters: a Chinese character has three bytes and is nearly a token.
const bytesPerToken = 4;
// What Anthropic counts for the largest image that it does not scale down (1,568 pixels wide).
const tokensPerImage = 1_600;

type Words = Pick<CompletionRequest | VendorRequest, 'system' | 'tools' | 'turns'>;

/** About how many tokens a model will read; more rather than less. */
export function estimateInputTokens({ system, tools, turns }: Words): number {
  const images = turns.flatMap((turn) =>
    turn.role === 'user' ? turn.content.filter((part) => part.type === 'image') : [],
  );
  const imageBytes = images.reduce((sum, image) => sum + image.base64.length, 0);
  const bytes = Buffer.byteLength(JSON.stringify([system, tools, turns]));
  return Math.ceil((bytes - imageBytes) / bytesPerToken) + images.length * tokensPerImage;
}

/** What a call is taken for before anybody knows: what it reads, and what it may write. */
export function estimateCallTokens(request: CompletionRequest | VendorRequest): number {
  return estimateInputTokens(request) + (request.maxOutputTokens ?? usualOutputTokens);
}

/** What a call costs at most, in US dollars; null when its price is unknown, 0 when it is free. */
export function worstCaseUsd(provider: ProviderName, request: VendorRequest): number | null {
  const { card, isPrefixReused } = request;
  const inputTokens = estimateInputTokens(request);
  const most = request.maxOutputTokens ?? card.maxOutputTokens ?? usualOutputTokens;
  const outputTokens = request.isLimitAsked ? most : Math.min(usualOutputTokens, most);
  const plain = { ...noUsage, inputTokens, outputTokens };
  const cached = { ...noUsage, cacheWrite5mTokens: inputTokens, outputTokens };
  const usdOf = (usage: typeof plain) => costOf({ provider, usage, vendorUsd: null, card }).usd;
  const usd = usdOf(plain);
  if (usd === null || !isPrefixReused) return usd;
  // Some vendors charge more for what they write to a cache than for what they only read.
  return Math.max(usd, usdOf(cached) ?? 0);
}
