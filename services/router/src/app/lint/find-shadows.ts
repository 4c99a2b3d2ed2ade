import { type RoutingRule, type RuleFinding, ruleFields } from '@mosaic/proto';
import { choosesAgent } from '../choice/walk-rules.ts';
import { isCoveredBy, join, type Way, waysOf } from './normal-form.ts';

const closedFields = ['taskType', 'complexity'] as const;

/** Every task in every complexity: rules that share a field among them cover it only together. */
const cells: readonly Way[] = (ruleFields.taskType.values ?? []).flatMap((task) =>
  (ruleFields.complexity.values ?? []).map((complexity) => {
    const [first, second] = closedFields;
    return new Map([
      [first, { kind: 'words', words: new Set([task]), isInverse: false }],
      [second, { kind: 'words', words: new Set([complexity]), isInverse: false }],
    ] as const);
  }),
);

/** Comparisons of ways, a microsecond each; whoever writes more gets no word about shadows. */
const maxComparisons = 100_000;

interface Asked {
  readonly rule: RoutingRule;
  readonly ways: readonly Way[] | undefined;
}

/** Rules that contradict themselves, and rules before which others are always asked with success. */
export function findShadows(inOrder: readonly RoutingRule[]): readonly RuleFinding[] {
  const asked = inOrder
    .filter((rule) => rule.enabled)
    .map((rule): Asked => ({ rule, ways: waysOf(rule.when) }));
  const patience = { left: maxComparisons };
  return asked.flatMap((one, index) => {
    if (one.ways === undefined) return [];
    if (one.ways.length === 0) return [contradiction(one.rule)];
    // A data rule is asked in any case.
    if (one.rule.then.only !== undefined) return [];
    const earlier = asked.slice(0, index).filter((other) => mayShadow(other.rule, one.rule));
    const shadows = whoCovers(one.ways, earlier, patience);
    return shadows === undefined ? [] : [shadowed(one.rule, shadows)];
  });
}

/**
 * A person's own rule before one of the system is what own rules are for, and a rule that chooses an
 * agent or only says where data may go lets those below go on.
 */
function mayShadow(earlier: RoutingRule, later: RoutingRule): boolean {
  const isMeant = earlier.scope === 'user' && later.scope === 'system';
  return !isMeant && !choosesAgent(earlier) && earlier.then.only === undefined;
}

/** The names of the rules that cover every way between them, or undefined when a way is left. */
function whoCovers(
  ways: readonly Way[],
  earlier: readonly Asked[],
  patience: { left: number },
): readonly string[] | undefined {
  const names = new Set<string>();
  const isCovered = (way: Way, wide: Way) => {
    patience.left -= 1;
    return patience.left > 0 && isCoveredBy(way, wide);
  };
  const coverOf = (way: Way) =>
    patience.left > 0
      ? earlier.find((other) => other.ways?.some((wide) => isCovered(way, wide)))
      : undefined;
  for (const way of ways) {
    const whole = coverOf(way);
    if (whole !== undefined) {
      names.add(whole.rule.name);
      continue;
    }
    for (const cell of cells.flatMap((one) => join(way, one))) {
      const part = coverOf(cell);
      if (part === undefined) return undefined;
      names.add(part.rule.name);
    }
  }
  return earlier.map(({ rule }) => rule.name).filter((name) => names.has(name));
}

function contradiction({ name }: RoutingRule): RuleFinding {
  return {
    level: 'error',
    code: 'contradiction',
    rule: name,
    sentence: `The conditions of "${name}" contradict each other: it can never apply.`,
  };
}

function shadowed({ name }: RoutingRule, by: readonly string[]): RuleFinding {
  const names = by.map((one) => `"${one}"`).join(', ');
  return {
    level: 'warning',
    code: 'shadowed',
    rule: name,
    sentence: `"${name}" is never reached: ${names} ${by.length === 1 ? 'takes' : 'take'} all its messages first.`,
  };
}
