import { type Effort, efforts } from '@mosaic/proto';
import type { ReasoningControl } from '../vendor/vendor-port.ts';

/** An effort that the model takes. */
export interface ChosenEffort {
  readonly effort: Effort | undefined;
  readonly warnings: readonly string[];
}

/**
 * The nearest effort that the model takes. The router prefers an effort for whatever model answers:
 * that one without any setting leaves it out is no news; that another effort was taken is.
 */
export function chooseEffort(
  wanted: Effort | undefined,
  { name, control }: { readonly name: string; readonly control: ReasoningControl | null },
): ChosenEffort {
  if (wanted === undefined || control === null) return { effort: undefined, warnings: [] };
  const effort = control.how === 'effort' ? nearestEffort(wanted, control.efforts) : wanted;
  const changed = `${name} has no reasoning effort "${wanted}"; "${effort}" was taken.`;
  return { effort, warnings: effort === wanted ? [] : [changed] };
}

/**
 * The nearest of the offered ones. Between two that are equally near the lesser, which costs less; a
 * model that was asked to think is never told not to.
 */
export function nearestEffort(wanted: Effort, offered: readonly Effort[]): Effort {
  const rank = (effort: Effort) => efforts.indexOf(effort);
  const fitting = offered.filter((effort) => wanted === 'none' || effort !== 'none');
  const sorted = [...fitting].sort(
    (left, right) =>
      Math.abs(rank(left) - rank(wanted)) - Math.abs(rank(right) - rank(wanted)) ||
      rank(left) - rank(right),
  );
  return sorted[0] ?? 'none';
}

/** A vendor refuses budgets below this. */
const leastThinkingTokens = 1_024;

/**
 * Tokens to think with under a limit for the whole answer: at most half of it, so that words are left
 * for the answer itself. Undefined when that is too little to think at all.
 */
export function fitBudget(wanted: number, maxOutputTokens: number | undefined): number | undefined {
  const most = Math.floor((maxOutputTokens ?? Number.POSITIVE_INFINITY) / 2);
  const tokens = Math.min(wanted, most);
  return tokens >= leastThinkingTokens ? tokens : undefined;
}
