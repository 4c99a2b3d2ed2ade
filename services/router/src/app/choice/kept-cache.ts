import type { ModelRef } from '@mosaic/proto';
import type { RouteRequest } from './deciding.ts';

/** Tokens of the prompt that a model's vendor may still have from the turn before; 0 for all others. */
export function cachedTokensOf(
  { model, provider }: ModelRef,
  { cachedTokens = 0, contextTokens, previous }: RouteRequest,
): number {
  const isSame = previous?.provider === provider && previous.model === model;
  return isSame ? Math.min(cachedTokens, contextTokens) : 0;
}
