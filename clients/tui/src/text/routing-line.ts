import {
  type AnswerView,
  fallbackOf,
  formatDuration,
  surenessInWords,
  totalInputTokens,
} from '@mosaic/proto/client';
import { formatCost, formatTokens } from './format-amounts.ts';
import { oneLine } from './neutralise-controls.ts';

/**
 * The one line under every answer: which model, why, how long, how much, at what cost. Made from the
 * answer's own record, so that it can't say anything else than what was stored and billed.
 */
export function routingLine(answer: AnswerView): string {
  return [
    answer.isSimulated ? 'SIMULATED' : '',
    oneLine(answer.model) || 'no model',
    whyThisModel(answer),
    answer.totalMs === null ? '' : formatDuration(answer.totalMs),
    describeUsage(answer),
    // Where no model was asked there is no cost that could be unknown.
    answer.cost === null || answer.model === '' ? '' : formatCost(answer.cost.usd),
  ]
    .filter((part) => part !== '')
    .join(' · ');
}

/** `code-complex: coding (0.91), complex`, `pinned by you`, … */
export function whyThisModel(answer: AnswerView): string {
  const { decision } = answer;
  if (decision === null) return oneLine(answer.reason);
  const isFallback = answer.model !== '' && answer.model !== decision.model;
  if (isFallback && answer.reason !== decision.reason)
    return `fallback: ${oneLine(fallbackOf(answer.reason, answer.model, decision))}`;
  const instead = isFallback ? ` (instead of ${oneLine(decision.model)})` : '';
  const { agent } = decision;
  const as = agent === undefined ? '' : `, as ${oneLine(agent.name)}`;
  return whoDecided(decision) + as + instead;
}

function whoDecided(decision: NonNullable<AnswerView['decision']>): string {
  const { profile, authority } = decision;
  const rule = oneLine(decision.rule);
  const task = profile.task.replace('_', ' ');
  const seen = `${task} (${surenessInWords(decision)}), ${profile.complexity}`;
  switch (authority) {
    case 'message':
      return 'asked for by you';
    case 'pinned':
      return 'pinned by you';
    case 'agent':
      return `preferred by the ${rule}`;
    case 'user-rule':
    case 'system-rule':
      return `${rule}: ${seen}`;
    case 'default':
      return `default: ${seen}`;
    default:
      return authority satisfies never;
  }
}

function describeUsage({ usage }: AnswerView): string {
  if (usage === null) return '';
  const about = usage.isEstimated ? '~' : '';
  const output = usage.outputTokens + usage.reasoningTokens;
  return `${about}${formatTokens(totalInputTokens(usage))} in / ${about}${formatTokens(output)} out`;
}

/** What is shown while an answer is on its way. */
export function runningLine(answer: AnswerView | null): string {
  if (answer === null) return 'routing…';
  const model = oneLine(answer.model) || 'a model';
  const why = whyThisModel(answer);
  return `${model} is answering${why === '' ? '' : ` (${why})`}…`;
}
