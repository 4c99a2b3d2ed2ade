import { MosaicError, type TurnLimits, totalInputTokens } from '@mosaic/proto';
import type { Tally } from '../tally.ts';

/** What one turn may take; undefined where nobody sets a limit. */
export interface LimitsInForce {
  readonly steps: number;
  readonly stepSeconds: number;
  readonly turnSeconds: number;
  readonly tokens: number | undefined;
  readonly usd: number | undefined;
}

/** The installation's limits, and within them the agent's. */
export function limitsInForce(platform: LimitsInForce, agent: TurnLimits = {}): LimitsInForce {
  const least = (one: number | undefined, other: number | undefined) =>
    one === undefined || other === undefined ? (one ?? other) : Math.min(one, other);
  return {
    steps: Math.min(platform.steps, agent.steps ?? Number.POSITIVE_INFINITY),
    stepSeconds: Math.min(platform.stepSeconds, agent.stepSeconds ?? Number.POSITIVE_INFINITY),
    turnSeconds: Math.min(platform.turnSeconds, agent.turnSeconds ?? Number.POSITIVE_INFINITY),
    tokens: least(platform.tokens, agent.tokens),
    usd: least(platform.usd, agent.usd),
  };
}

/**
 * Before each further model call of a turn. A call is never cut for its price, so a turn can end over
 * its budget by what one call takes. Throws budget_exceeded.
 */
export function assertWithinBudget({ cost, usage }: Tally, limits: LimitsInForce): void {
  if (usage === null) return;
  const tokens = totalInputTokens(usage) + usage.outputTokens + usage.reasoningTokens;
  if (limits.tokens !== undefined && tokens >= limits.tokens) {
    const sentence = `This turn has used ${tokens} tokens; its budget is ${limits.tokens}.`;
    throw new MosaicError('budget_exceeded', sentence);
  }
  if (limits.usd !== undefined && cost.usd !== null && cost.usd >= limits.usd) {
    const sentence = `This turn has cost $${cost.usd.toFixed(4)}; its budget is $${limits.usd}.`;
    throw new MosaicError('budget_exceeded', sentence);
  }
}
