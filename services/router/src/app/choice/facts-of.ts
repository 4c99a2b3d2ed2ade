import { gatherFacts, type RuleFacts } from '../rules/facts.ts';
import type { Deciding } from './deciding.ts';

/** What rules are asked about, before any of them has chosen an agent. */
export function factsOf(deciding: Deciding): RuleFacts {
  const { followsUp, profile, question, world } = deciding;
  const { caller, timeOfDay } = world;
  return gatherFacts({
    profile,
    followsUp,
    text: question.text,
    agent: question.agent?.name,
    channel: question.channel ?? caller?.via?.replace(/^channel:/, ''),
    user: caller?.userId,
    costTier: question.costTier,
    budgetLeftUsd: budgetLeft(deciding),
    timeOfDay: question.localTime ?? timeOfDay,
  });
}

/** Of what the turn and what the day may still cost, the smaller one. */
export function budgetLeft({ question, world }: Deciding): number | undefined {
  const known = [question.budgetLeftUsd, world.budgetLeftUsd].filter((usd) => usd !== undefined);
  return known.length === 0 ? undefined : Math.min(...known);
}
