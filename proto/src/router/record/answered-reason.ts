import { formatModelRef } from '../../providers/model-ref.ts';
import type { SkippedCandidate } from '../../providers/stream-completion.ts';
import type { RouteDecision } from '../decision.ts';

const longest = 200;

/** Who answered, and the candidates before it that could not. */
interface Answered {
  readonly model: string;
  readonly skipped: readonly SkippedCandidate[];
}

/** Why this model answered, in at most 200 characters: a fallback, where it was one, and the decision. */
export function answeredReason(decision: RouteDecision, { model, skipped }: Answered): string {
  const [failed] = skipped;
  if (failed === undefined) return decision.reason;
  const fallback = `${model} answered instead of ${formatModelRef(failed)} (${failed.why}).`;
  return `${fallback} ${decision.reason}`.slice(0, longest);
}

/** The fallback alone ("instead of x/opus (overloaded)"), for a line that names the model already. */
export function fallbackOf(reason: string, model: string, { modelName }: RouteDecision): string {
  const [fallback = ''] = reason.split(` ${modelName}: `);
  return fallback.replace(`${model} answered `, '').replace(/\.$/, '');
}
