import { answeredReason, type CompletionPart, type RouteDecision } from '@mosaic/proto';

import type { ActingAgent } from './acting-agent.ts';

type StartPart = Extract<CompletionPart, { type: 'start' }>;

/** Servers and proxies refuse headers of more than some kilobytes. */
const longestWarnings = 2_000;

/** What was decided, and the agent as which it is answered. */
export interface AnsweredBy {
  readonly decision: RouteDecision;
  readonly acting: ActingAgent | undefined;
}

/** Who answers and why, as headers of an answer at a door. */
export function answerHeaders(
  { acting, decision }: AnsweredBy,
  start: Pick<StartPart, 'provider' | 'model' | 'skipped' | 'isSimulated'>,
  told: readonly string[],
): Readonly<Record<string, string>> {
  const warnings = [...(acting?.warning === undefined ? [] : [acting.warning]), ...told];
  return {
    'x-mosaic-provider': start.provider,
    'x-mosaic-model': headerSafe(start.model),
    'x-mosaic-rule': headerSafe(decision.rule),
    'x-mosaic-reason': headerSafe(answeredReason(decision, start)),
    ...(acting === undefined ? {} : { 'x-mosaic-agent': headerSafe(acting.name) }),
    ...(start.isSimulated ? { 'x-mosaic-simulated': 'true' } : {}),
    ...(warnings.length > 0 && {
      'x-mosaic-warnings': headerSafe(warnings.join(' ').slice(0, longestWarnings)),
    }),
  };
}

/** Headers are ASCII (RFC 9110): everything else is percent-encoded. */
export function headerSafe(text: string): string {
  return text
    .toWellFormed()
    .replaceAll(/[^\x20-\x7e]/gu, (character) => encodeURIComponent(character));
}
