import type { ListedRule, RuleSource, Tier } from '@mosaic/proto';
import { type Tiers, tiersByName } from '../choice/expand-name.ts';
import { builtInVersion, defaultRules, defaultTiers } from '../default-rules.ts';
import { orderRules } from './order-rules.ts';

/** The rules and tiers of the system, as they were last read. */
export interface SystemRules {
  readonly rules: readonly ListedRule[];
  readonly tiers: readonly Tier[];
  /** The save up to which they were read; null for the built-in ones. */
  readonly revision: number | null;
}

export const builtInRules: SystemRules = {
  rules: defaultRules,
  tiers: defaultTiers,
  revision: null,
};

/** Everything that decides for one person. */
export interface Policy {
  /** In the order in which they are asked. */
  readonly rules: readonly ListedRule[];
  readonly tiers: readonly Tier[];
  readonly tiersByName: Tiers;
  readonly source: RuleSource;
  /** Stored with every decision. */
  readonly version: string;
  /** Whether some of it can only be understood by who knows the agents. */
  readonly needsAgents: boolean;
}

/** Joins a person's own rules (undefined: they could not be read) with the system's. */
export function makePolicy(
  system: SystemRules,
  own: readonly ListedRule[] | undefined,
  isAway: boolean,
): Policy {
  const rules = orderRules([...(own ?? []), ...system.rules]);
  const source = sourceOf(system, isAway);
  const names = [
    ...rules.flatMap(({ then }) => then.fallbacks),
    ...system.tiers.flatMap((one) => one.models),
  ];
  return {
    rules,
    tiers: system.tiers,
    tiersByName: tiersByName(system.tiers),
    source,
    version: versionOf(system, source, own === undefined && system.revision !== null),
    needsAgents:
      rules.some(({ then }) => then.agent !== undefined || then.model?.startsWith('agent/')) ||
      names.some((name) => name.startsWith('agent/')),
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
