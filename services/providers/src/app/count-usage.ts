import type { Usage } from '@mosaic/proto';
import { noUsage } from '@mosaic/proto';
import type { VendorRequest } from './vendor/vendor-port.ts';

/** Reads a token count that a vendor may leave out, send as null, or send as a fraction. */
export function tokenCount(value: unknown): number {
  // Above this it is no count of tokens, and no sum of such figures is an exact number any more.
  return typeof value === 'number' && value > 0 && value < 1e12 ? Math.floor(value) : 0;
}

/** Totals as most vendors report them: input includes its cached part, output its reasoning. */
export interface ReportedTotals {
  readonly input: unknown;
  readonly cacheRead?: unknown;
  readonly cacheWrite?: unknown;
  readonly output: unknown;
  readonly reasoning?: unknown;
}

/** Takes overlapping totals apart, so that every token is counted in exactly one field. */
export function partitionTotals(totals: ReportedTotals): Usage {
  const input = tokenCount(totals.input);
  const cacheReadTokens = Math.min(input, tokenCount(totals.cacheRead));
  const cacheWrite5mTokens = Math.min(input - cacheReadTokens, tokenCount(totals.cacheWrite));
  const output = tokenCount(totals.output);
  const reasoningTokens = Math.min(output, tokenCount(totals.reasoning));
  return {
    ...noUsage,
    inputTokens: input - cacheReadTokens - cacheWrite5mTokens,
    cacheReadTokens,
    cacheWrite5mTokens,
    outputTokens: output - reasoningTokens,
    reasoningTokens,
  };
}

/** Characters of an answer so far, for the case that the vendor never says what it used. */
export interface ShownCharacters {
  readonly output: number;
  readonly reasoning: number;
}

// Four characters per token is the vendors' own rule of thumb for English.
const charactersPerToken = 4;

/** Tokens of a request by its characters; images and files count by their presence alone. */
export function estimateInputTokens(
  request: Pick<VendorRequest, 'system' | 'tools' | 'turns'>,
): number {
  const turns = request.turns.map((turn) => {
    if (turn.role !== 'user') return turn;
    // Without its bytes: they are many, and say nothing about tokens.
    return turn.content.map((part) => (part.type === 'text' ? part : { ...part, base64: '' }));
  });
  const text = JSON.stringify([request.system, request.tools, turns]);
  return Math.ceil(text.length / charactersPerToken);
}

/** A guess for a vendor that did not report; always marked as estimated. */
export function estimateUsage(request: VendorRequest, shown: ShownCharacters): Usage {
  return {
    ...noUsage,
    inputTokens: estimateInputTokens(request),
    outputTokens: Math.ceil(shown.output / charactersPerToken),
    reasoningTokens: Math.ceil(shown.reasoning / charactersPerToken),
    isEstimated: true,
  };
}

/**
 * Usage of an answer that broke off: vendors report output at the end, so what was shown counts when
 * it is more than what they had reported until then.
 */
export function usageOfPartial(reported: Usage, shown: ShownCharacters): Usage {
  const outputTokens = Math.ceil(shown.output / charactersPerToken);
  const reasoningTokens = Math.ceil(shown.reasoning / charactersPerToken);
  if (outputTokens + reasoningTokens <= reported.outputTokens + reported.reasoningTokens) {
    return reported;
  }
  return { ...reported, outputTokens, reasoningTokens, isEstimated: true };
}
