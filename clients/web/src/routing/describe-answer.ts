import { type AnswerView, type Authority, formatDuration, type RouteDecision } from '@mosaic/proto';
import { formatCost, formatTokens } from '../format/format-amounts.ts';

/** Name for people of the model that really answered; an id when another than the chosen one did. */
export function modelLabel(answer: AnswerView): string {
  const { decision, model } = answer;
  if (decision !== null && decision.model === model) return decision.modelName;
  return model === '' ? 'no model' : model;
}

const personalChoice: Partial<Record<Authority, string>> = {
  pinned: 'pinned by you',
  message: 'asked for by you',
  agent: "the agent's own model",
};

/** Says who chose when it was not a rule; null when a rule did. */
export function choiceLabel(decision: RouteDecision | null): string | null {
  return decision === null ? null : (personalChoice[decision.authority] ?? null);
}

/** The reason without the model's name before it, for where that name stands already. */
export function reasonOf(answer: AnswerView): string {
  const name = `${modelLabel(answer)}: `;
  return answer.reason.startsWith(name) ? answer.reason.slice(name.length) : answer.reason;
}

/** Time, tokens and cost of a finished answer, in the order in which they are shown. */
export function amountsOf(answer: AnswerView): readonly string[] {
  const { totalMs, usage } = answer;
  return [
    ...(totalMs === null ? [] : [formatDuration(totalMs)]),
    ...(usage === null ? [] : [formatTokens(usage)]),
    // Where no model was asked there is no cost that could be unknown.
    ...(answer.model === '' ? [] : [formatCost(answer.cost)]),
  ];
}
