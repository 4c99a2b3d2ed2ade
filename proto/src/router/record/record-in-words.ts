import { formatModelRef } from '../../providers/model-ref.ts';
import type { JudgeWord, RouteDecision } from '../decision.ts';

const usd = (value: number | null): string =>
  value === null ? 'an unknown sum' : `$${value.toFixed(5)}`;

/** How sure the task is, from 0 to 1; what a judge said has no number. */
export function surenessInWords({
  judge,
  profile,
}: Pick<RouteDecision, 'judge' | 'profile'>): string {
  return judge?.answer == null ? profile.confidence.toFixed(2) : 'judged';
}

/** How asking a judge went, as every client shows it; no names but those of models. */
export function judgeInWords({
  answer,
  asked,
  before,
  costUsd,
  outcome,
  tookUs,
}: JudgeWord): string {
  const alone = `the router alone said ${before.task} (${before.confidence.toFixed(2)}), ${before.complexity}`;
  if (asked === null) {
    const why = outcome === 'too-dear' ? 'too little budget is left' : 'no such model can answer';
    return `nobody was asked, ${why}`;
  }
  const took = `${Math.round(tookUs / 1_000)} ms, ${usd(costUsd)}`;
  if (answer !== null) {
    return `${formatModelRef(asked)} said ${answer.task}, ${answer.complexity} (${took}); ${alone}`;
  }
  const how = { late: 'was too late', unreadable: 'said nothing usable' }[String(outcome)];
  return `${formatModelRef(asked)} ${how ?? 'failed'} (${took})`;
}

/** What becomes of the prompt cache of the turn before: kept, or lost at a cost that is counted. */
export function cacheInWords({
  keptBy,
  lostUsd,
  tokens,
}: NonNullable<RouteDecision['cache']>): string {
  const of = `the ${tokens} tokens that ${formatModelRef(keptBy)} has cached`;
  return lostUsd === 0
    ? `${of} are used again`
    : `${of} are lost, ${usd(lostUsd)} of the expected cost`;
}
