import { gatherFacts, type RuleFacts } from '../rules/facts.ts';
import type { Deciding } from './deciding.ts';
import type { NameBook } from './expand-name.ts';

/** What rules are asked about, before any of them has chosen an agent. */
export function factsOf(deciding: Deciding): RuleFacts {
  const { followsUp, profile, question, world } = deciding;
  const { caller, timeOfDay } = world;
  return gatherFacts({
    profile,
    followsUp,
    text: question.text,
    agent: question.agent?.name,
    ...capabilitiesOf(question.agent?.name, world.book),
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

/** What an agent says it is good at; nothing where nobody has told which agents there are. */
export function capabilitiesOf(name: string | undefined, { agents }: NameBook) {
  const agent = agents?.find((one) => one.name === name);
  return { agentDomains: agent?.domains, agentToolSets: agent?.toolSets };
}

/** The facts once another agent is to answer. */
export function withAgent(facts: RuleFacts, agent: string, book: NameBook): RuleFacts {
  const { agentDomains, agentToolSets } = capabilitiesOf(agent, book);
  return {
    ...facts,
    agent,
    agentDomains: agentDomains === undefined ? null : [...agentDomains],
    agentToolSets: agentToolSets === undefined ? null : [...agentToolSets],
  };
}
