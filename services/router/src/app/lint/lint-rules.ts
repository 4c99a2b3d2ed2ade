import type { ModelCard, RoutingRule, RuleFinding, Tier } from '@mosaic/proto';
import { type AgentPreference, type NameBook, tiersByName } from '../choice/expand-name.ts';
import { conditionsIn } from '../rules/explain-failure.ts';
import { orderRules } from '../rules/order-rules.ts';
import { patternSize } from '../rules/text-pattern.ts';
import { findModelFaults, unknownModel } from './find-model-faults.ts';
import { findReferenceFaults, findTierFaults } from './find-reference-faults.ts';
import { findShadows } from './find-shadows.ts';

export interface LintWorld {
  readonly tiers: readonly Tier[];
  readonly agents: readonly AgentPreference[] | undefined;
  /** Empty while no provider has told its models: then nothing is said about them. */
  readonly cards: readonly ModelCard[];
}

/** Steps per letter that all patterns of one person's rules may take together. */
const maxPatternSteps = 500;

/** What is wrong or doubtful about rules that are in force together; in the order of the rules. */
export function lintRules(
  rules: readonly RoutingRule[],
  { agents, cards, tiers }: LintWorld,
): readonly RuleFinding[] {
  const inOrder = orderRules(rules);
  const book: NameBook = { tiers: tiersByName(tiers), agents };
  const places = new Map(inOrder.map((rule, index) => [rule.name, index]));
  const ofRules = [
    ...findReferenceFaults(inOrder, book),
    ...findModelFaults(inOrder, book, cards),
    ...findShadows(inOrder),
    ...costlyPatterns(inOrder),
  ].sort((left, right) => (places.get(left.rule) ?? 0) - (places.get(right.rule) ?? 0));
  const ofTiers = cards.length === 0 ? [] : tiers.flatMap((tier) => unknownModels(tier, cards));
  return unique([...ofRules, ...findTierFaults(tiers, book), ...ofTiers]);
}

function unknownModels({ models, name }: Tier, cards: readonly ModelCard[]) {
  return models
    .filter((model) => !/^(?:tier|agent)\//.test(model))
    .flatMap((model) => unknownModel(`tier/${name}`, model, cards));
}

/** Patterns of one person's rules that would take too long together. */
export function costlyPatterns(rules: readonly RoutingRule[]): readonly RuleFinding[] {
  let steps = 0;
  return rules
    .filter(({ scope }) => scope === 'user')
    .flatMap((rule) => {
      const patterns = rule.when.flatMap(conditionsIn).filter(({ op }) => op === 'matches');
      if (patterns.length === 0) return [];
      steps += patterns.reduce((sum, { value }) => sum + patternSize(String(value)), 0);
      if (steps <= maxPatternSteps) return [];
      const sentence = `With "${rule.name}" your patterns take ${steps} steps per letter, more than ${maxPatternSteps}: use fewer, or "contains".`;
      return [{ level: 'error', code: 'costly-patterns', rule: rule.name, sentence }] as const;
    });
}

function unique(findings: readonly RuleFinding[]): readonly RuleFinding[] {
  return [...new Map(findings.map((one) => [`${one.rule} ${one.sentence}`, one])).values()];
}
