import type { Exemplar, ListedRule, RuleSource, Tier } from '@mosaic/proto';
import { type Tiers, tiersByName } from '../choice/expand-name.ts';
import { choosesAgent } from '../choice/walk-rules.ts';
import { builtInVersion, defaultRules, defaultTiers } from '../default-rules.ts';
import { conditionsIn } from './explain-failure.ts';
import { orderRules } from './order-rules.ts';

/** The rules and tiers of the system, as they were last read. */
export interface SystemRules {
  readonly rules: readonly ListedRule[];
  readonly tiers: readonly Tier[];
  /** Messages that stand for a task, for everybody. */
  readonly exemplars: readonly Exemplar[];
  /** The save up to which they were read; null for the built-in ones. */
  readonly revision: number | null;
}

export const builtInRules: SystemRules = {
  rules: defaultRules,
  tiers: defaultTiers,
  exemplars: [],
  revision: null,
};

/** What a person has of their own. */
export interface OwnPolicy {
  readonly rules: readonly ListedRule[];
  readonly exemplars: readonly Exemplar[];
}

export const nothingOwn: OwnPolicy = { rules: [], exemplars: [] };

/** Everything that decides for one person. */
export interface Policy {
  /** In the order in which they are asked. */
  readonly rules: readonly ListedRule[];
  readonly tiers: readonly Tier[];
  readonly tiersByName: Tiers;
  /** One's own first. */
  readonly exemplars: readonly Exemplar[];
  readonly source: RuleSource;
  /** Stored with every decision. */
  readonly version: string;
  /** Whether some of it can only be understood by who knows the agents. */
  readonly needsAgents: boolean;
}

/** Joins what a person has of their own (undefined: it could not be read) with the system's. */
export function makePolicy(
  system: SystemRules,
  own: OwnPolicy | undefined,
  isAway: boolean,
): Policy {
  const rules = orderRules([...(own?.rules ?? []), ...system.rules]);
  const source = sourceOf(system, isAway);
  const names = [
    ...rules.flatMap(({ then }) => then.fallbacks),
    ...system.tiers.flatMap((one) => one.models),
  ];
  return {
    rules,
    tiers: system.tiers,
    tiersByName: tiersByName(system.tiers),
    exemplars: [...(own?.exemplars ?? []), ...system.exemplars],
    source,
    version: versionOf(system, source, own === undefined && system.revision !== null),
    needsAgents: rules.some(looksAtAgents) || names.some((name) => name.startsWith('agent/')),
  };
}

function sourceOf({ revision }: SystemRules, isAway: boolean): RuleSource {
  if (revision === null) return 'built-in';
  return isAway ? 'last-known' : 'database';
}

function versionOf({ revision }: SystemRules, source: RuleSource, lacksOwn: boolean): string {
  if (revision === null) return builtInVersion;
  const known = `rules-${revision}${source === 'last-known' ? '-last-known' : ''}`;
  return lacksOwn ? `${known}-without-own` : known;
}

function looksAtAgents({ then, when }: ListedRule): boolean {
  const fields = when.flatMap(conditionsIn).map(({ field }) => field);
  const asksWhatItCan = fields.includes('agentDomains') || fields.includes('agentToolSets');
  return asksWhatItCan || choosesAgent({ then }) || then.model?.startsWith('agent/') === true;
}
