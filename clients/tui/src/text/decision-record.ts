import type { AnswerView } from '@mosaic/proto';
import { formatCost } from './format-amounts.ts';
import { oneLine } from './neutralise-controls.ts';
import { routingLine } from './routing-line.ts';

/** The whole decision behind an answer, one fact per line, as `/why` prints it. */
export function decisionRecord(answer: AnswerView): string[] {
  const { decision } = answer;
  if (decision === null) return [routingLine(answer), 'No model was chosen for this message.'];
  const { profile } = decision;
  const cues = profile.cues.map(oneLine).join(', ');
  return [
    routingLine(answer),
    `reason      ${oneLine(answer.reason)}`,
    `decided by  ${decision.authority}, rule ${oneLine(decision.rule)}`,
    `task        ${profile.task} (${profile.confidence.toFixed(2)}), ${profile.complexity}, ${profile.domain}, language ${profile.language}`,
    ...(cues === '' ? [] : [`cues        ${cues}`]),
    ...(profile.needs.length === 0 ? [] : [`needs       ${profile.needs.join(', ')}`]),
    ...decision.considered.map((step) => describeRule(step)),
    ...decision.skipped.map(
      (skipped) =>
        `passed over ${skipped.provider}/${oneLine(skipped.model)}: ${oneLine(skipped.why)}`,
    ),
    ...describeAlternatives(decision.alternatives),
    `expected    ${formatCost(decision.expectedCostUsd)} · decided in ${Math.round(decision.tookUs)} µs · policy ${oneLine(decision.policyVersion)}`,
  ];
}

type Decision = NonNullable<AnswerView['decision']>;

function describeRule({ rule, failed }: Decision['considered'][number]): string {
  return failed === null
    ? `rule        ${oneLine(rule)}: matched`
    : `rule        ${oneLine(rule)}: no, ${oneLine(failed)}`;
}

function describeAlternatives(alternatives: Decision['alternatives']): string[] {
  if (alternatives.length === 0) return [];
  return [
    `next        ${alternatives.map((ref) => `${ref.provider}/${oneLine(ref.model)}`).join(', ')}`,
  ];
}
