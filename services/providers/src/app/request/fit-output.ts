import type { VendorCard, VendorRules } from '../vendor/vendor-port.ts';

export interface OutputOptions {
  readonly card: Pick<VendorCard, 'name' | 'contextTokens' | 'maxOutputTokens'>;
  readonly rules: Pick<
    VendorRules,
    'defaultMaxOutputTokens' | 'leastOutputTokens' | 'mustOutputFit'
  >;
  /** An estimate. */
  readonly inputTokens: number;
}

/** Estimates are this much too low at times; what is cut off here nobody could have used. */
const safety = 1.1;

/**
 * The limit for an answer: the wish, else the model's own where the vendor wants a limit, never more
 * than the model writes, and no more than the context has room for where the vendor refuses that.
 */
export function fitOutput(
  wanted: number | undefined,
  { card, rules, inputTokens }: OutputOptions,
): { readonly maxOutputTokens: number | undefined; readonly warnings: readonly string[] } {
  const own =
    rules.defaultMaxOutputTokens === null
      ? undefined
      : (card.maxOutputTokens ?? rules.defaultMaxOutputTokens);
  const start = wanted ?? own;
  if (start === undefined) return { maxOutputTokens: undefined, warnings: [] };
  const room = Math.floor((card.contextTokens ?? Infinity) - inputTokens * safety);
  // Without any room the vendor shall say so itself: then a model with a larger context is asked.
  const most = rules.mustOutputFit && room > 0 ? room : Infinity;
  const limit = Math.min(start, card.maxOutputTokens ?? Infinity, most);
  const maxOutputTokens = Math.max(rules.leastOutputTokens, limit);
  if (wanted === undefined || wanted === maxOutputTokens) return { maxOutputTokens, warnings: [] };
  const changed = `${card.name} takes no limit of ${wanted} tokens here; ${maxOutputTokens} was taken.`;
  return { maxOutputTokens, warnings: [changed] };
}
