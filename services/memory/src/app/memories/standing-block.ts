import type { MemoryKind } from '@mosaic/proto';

export interface StandingMemory {
  readonly id: string;
  readonly kind: MemoryKind;
  readonly text: string;
}

/** Tokens that the block may take in every answer. */
export const standingTokens = 600;

/** More would not fit the block even if each were a single word. */
export const mostStanding = 200;

/** Four bytes of UTF-8 make about a token, in alphabets and in Chinese. */
const bytesPerToken = 4;

/**
 * What fits of the memories given, in their order. A long one that does not fit is left out and the
 * shorter ones behind it still come.
 */
export function standingBlock(
  memories: readonly StandingMemory[],
  maxTokens: number = standingTokens,
): readonly StandingMemory[] {
  let left = maxTokens;
  return memories.filter(({ text }) => {
    const tokens = Math.ceil(Buffer.byteLength(text) / bytesPerToken) + 1;
    if (tokens > left) return false;
    left -= tokens;
    return true;
  });
}
