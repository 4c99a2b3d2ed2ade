import {
  cacheInWords,
  formatDuration,
  formatModelRef,
  judgeInWords,
  MosaicError,
  type RouteDecision,
  routeDecisionSchema,
  surenessInWords,
} from '@mosaic/proto';
import { z } from 'zod';
import type { Terminal } from '../../command-line/command.ts';
import { readOptions } from '../../command-line/read-options.ts';
import { findMosaic, type RunningMosaic } from '../../running/running-mosaic.ts';
import { commonOptions } from './rules-api.ts';

const answerSchema = z.looseObject({ decision: routeDecisionSchema });

export interface Question {
  readonly text: string;
  readonly model?: string | undefined;
  readonly agent?: string | undefined;
  /** Also asks the judge, where one is set. */
  readonly judge?: boolean | undefined;
}

/** What would happen to a text, as the gateway answers. */
export async function askForRoute(mosaic: RunningMosaic, question: Question) {
  return answerSchema.parse(await mosaic.post('/api/routing/explain', question));
}

export async function explainText(args: readonly string[], terminal: Terminal): Promise<number> {
  const { positionals, values } = readOptions(args, {
    ...commonOptions,
    model: { type: 'string' },
    agent: { type: 'string' },
    judge: { type: 'boolean' },
  });
  const text = positionals.join(' ');
  if (text === '') {
    throw new MosaicError('bad_request', 'Say which text: mosaic rules explain "TEXT".');
  }
  const { agent, judge, model } = values;
  const answer = await askForRoute(findMosaic(values), { text, agent, model, judge });
  if (values.json === true) terminal.print(JSON.stringify(answer));
  else for (const line of explanation(answer.decision)) terminal.print(line);
  return 0;
}

function explanation(decision: RouteDecision): readonly string[] {
  const { alternatives, considered, profile, removed = decision.skipped } = decision;
  return [
    `model       ${formatModelRef(decision)}`,
    `reason      ${decision.reason}`,
    `rule        ${decision.rule} (${decision.authority.replace('-', ' ')})`,
    ...(decision.agent === undefined
      ? []
      : [`agent       ${decision.agent.name}, by ${decision.agent.rule}`]),
    `task        ${profile.task} (${surenessInWords(decision)}), ${profile.complexity}, ${profile.domain}, language ${profile.language}`,
    ...(decision.judge === undefined ? [] : [`judged      ${judgeInWords(decision.judge)}`]),
    ...considered.map(
      ({ failed, rule }) => `looked at   ${rule}: ${failed === null ? 'matched' : `no, ${failed}`}`,
    ),
    ...removed.map((one) => `rejected    ${formatModelRef(one)}: ${one.why}`),
    ...(alternatives.length === 0
      ? []
      : [`next        ${alternatives.map(formatModelRef).join(', ')}`]),
    `expected    ${costInWords(decision.expectedCostUsd)}${timeInWords(decision)}${nextCost(decision)}`,
    ...(decision.cache === undefined ? [] : [`cache       ${cacheInWords(decision.cache)}`]),
    `policy      ${decision.policyVersion}, decided in ${Math.round(decision.tookUs)} µs`,
  ];
}

/** Nothing where no call of the model was heard of. */
function timeInWords({ expectedLatency }: RouteDecision): string {
  return expectedLatency == null ? '' : ` in ${formatDuration(expectedLatency.totalMs)}`;
}

function nextCost({ nextBest }: RouteDecision): string {
  return nextBest === undefined
    ? ''
    : `; the next would cost ${costInWords(nextBest.expectedCostUsd)}`;
}

function costInWords(usd: number | null): string {
  return usd === null ? 'an unknown sum' : `$${usd.toFixed(5)}`;
}
