import type { RouteFact, RuleField, TaskProfile } from '@mosaic/proto';

/** What a condition is asked about; null is known to nobody. */
export type FactValue = RouteFact['value'];
export type RuleFacts = Readonly<Record<RuleField, FactValue>>;

/** Everything that the facts are made from. */
export interface FactSources {
  readonly profile: TaskProfile;
  readonly text: string;
  /** Whether it only carries the turn before on; undefined when nobody looked. */
  readonly followsUp?: boolean | undefined;
  readonly agent?: string | undefined;
  /** What that agent says it is good at; undefined where nobody can tell. */
  readonly agentDomains?: readonly string[] | undefined;
  readonly agentToolSets?: readonly string[] | undefined;
  readonly channel?: string | undefined;
  readonly user?: string | undefined;
  readonly costTier?: string | undefined;
  readonly budgetLeftUsd?: number | undefined;
  /** Hours and minutes. */
  readonly timeOfDay?: string | undefined;
}

export function gatherFacts(sources: FactSources): RuleFacts {
  const { profile } = sources;
  return {
    taskType: profile.task,
    complexity: profile.complexity,
    domain: profile.domain,
    language: profile.language === 'und' ? null : profile.language,
    needs: profile.needs,
    promptTokens: profile.promptTokens,
    costTier: sources.costTier ?? null,
    agent: sources.agent ?? null,
    agentDomains: listOf(sources.agentDomains),
    agentToolSets: listOf(sources.agentToolSets),
    channel: sources.channel ?? null,
    user: sources.user ?? null,
    budgetLeft: sources.budgetLeftUsd ?? null,
    text: sources.text,
    timeOfDay: sources.timeOfDay ?? null,
    followsUp: sources.followsUp === undefined ? null : sources.followsUp ? 'yes' : 'no',
  };
}

const listOf = (words: readonly string[] | undefined) => (words === undefined ? null : [...words]);

const usualSources: Readonly<Record<RuleField, RouteFact['source']>> = {
  taskType: 'classifier',
  complexity: 'classifier',
  domain: 'classifier',
  language: 'classifier',
  needs: 'estimate',
  promptTokens: 'estimate',
  costTier: 'message',
  agent: 'message',
  agentDomains: 'agent',
  agentToolSets: 'agent',
  channel: 'caller',
  user: 'caller',
  budgetLeft: 'message',
  text: 'message',
  timeOfDay: 'clock',
  followsUp: 'classifier',
};

/** The facts for the record. The words themselves stay out: they are in the message already. */
export function recordFacts(
  facts: RuleFacts,
  otherSources: Partial<Record<RuleField, RouteFact['source']>> = {},
): RouteFact[] {
  const fields = Object.keys(facts) as RuleField[];
  return fields.map((fact) => {
    const known = facts[fact];
    const value =
      fact === 'text' && typeof known === 'string' ? `${known.length} characters` : known;
    const source = otherSources[fact] ?? usualSources[fact];
    return { fact, value: copy(value), source: value === null ? 'nobody' : source };
  });
}

function copy(value: FactValue): FactValue {
  return Array.isArray(value) ? [...value] : value;
}
