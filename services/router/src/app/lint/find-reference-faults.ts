import { nearestName, type RoutingRule, type RuleFinding, type Tier } from '@mosaic/proto';
import { entriesOf, expandName, type NameBook, referenceIn } from '../choice/expand-name.ts';
import { conditionsIn } from '../rules/explain-failure.ts';
import { findCapabilityFaults } from './find-capability-faults.ts';

/** Tiers and agents that are not there, lead nowhere, or lead back to themselves. */
export function findReferenceFaults(
  rules: readonly RoutingRule[],
  book: NameBook,
): readonly RuleFinding[] {
  return rules.flatMap((rule) => [
    ...namesIn(rule).flatMap((name) => faultsOf(rule.name, name, book)),
    ...unknownInConditions(rule, book),
    ...findCapabilityFaults(rule, book),
  ]);
}

export function findTierFaults(tiers: readonly Tier[], book: NameBook): readonly RuleFinding[] {
  return tiers.flatMap(({ name, models }) => {
    const owner = `tier/${name}`;
    if (models.length === 0) return [emptyTier(owner, owner)];
    const cycle = cycleFrom(owner, book);
    if (cycle !== undefined) return [cyclic(owner, cycle)];
    return models.flatMap((model) => faultsOf(owner, model, book));
  });
}

/** Everything that a rule sends messages to, in order, as a name. */
export function namesIn({ then }: Pick<RoutingRule, 'then'>): readonly string[] {
  return [
    ...(then.model === undefined ? [] : [then.model]),
    ...(then.tier === undefined ? [] : [`tier/${then.tier}`]),
    ...(then.agent === undefined ? [] : [`agent/${then.agent}`]),
    ...then.fallbacks,
  ];
}

function faultsOf(rule: string, name: string, book: NameBook): readonly RuleFinding[] {
  const reference = referenceIn(name);
  if (reference === undefined) return [];
  if (entriesOf(reference, book) === undefined) return [unknownReference(rule, reference, book)];
  const cycle = cycleFrom(name, book);
  if (cycle !== undefined) return [cyclic(rule, cycle)];
  const isEmpty = reference.kind === 'tier' && expandName(name, book).length === 0;
  return isEmpty ? [emptyTier(rule, name)] : [];
}

/** The way from a name back to itself or to one on the way, or undefined when there is none. */
function cycleFrom(name: string, book: NameBook): readonly string[] | undefined {
  const way: string[] = [];
  const done = new Set<string>();
  const goOn = (at: string): readonly string[] | undefined => {
    if (way.includes(at)) return [...way.slice(way.indexOf(at)), at];
    const reference = referenceIn(at);
    if (reference === undefined || done.has(at)) return undefined;
    way.push(at);
    for (const entry of entriesOf(reference, book) ?? []) {
      const cycle = goOn(entry);
      if (cycle !== undefined) return cycle;
    }
    way.pop();
    done.add(at);
    return undefined;
  };
  return goOn(name);
}

function unknownInConditions(rule: RoutingRule, book: NameBook): readonly RuleFinding[] {
  return rule.when.flatMap(conditionsIn).flatMap(({ field, value }) => {
    if (field !== 'agent' && field !== 'costTier') return [];
    const kind = field === 'agent' ? 'agent' : 'tier';
    const names = Array.isArray(value) ? value.map(String) : [String(value)];
    return names
      .map((name) => ({ kind, name }) as const)
      .filter((reference) => entriesOf(reference, book) === undefined)
      .map((reference) => unknownReference(rule.name, reference, book));
  });
}

function unknownReference(
  rule: string,
  { kind, name }: { readonly kind: 'tier' | 'agent'; readonly name: string },
  { agents = [], tiers }: NameBook,
): RuleFinding {
  const names = kind === 'tier' ? Object.keys(tiers) : agents.map((one) => one.name);
  const near = nearestName(name, names);
  const hint = near === undefined ? '' : ` Did you mean "${near}"?`;
  return {
    level: 'error',
    code: kind === 'tier' ? 'unknown-tier' : 'unknown-agent',
    rule,
    sentence: `"${rule}" names the ${kind} "${name}", which is not there.${hint}`,
  };
}

function emptyTier(rule: string, name: string): RuleFinding {
  const sentence =
    rule === name
      ? `"${name}" names no model.`
      : `"${rule}" sends to "${name}", which names no model.`;
  return { level: 'error', code: 'empty-tier', rule, sentence };
}

function cyclic(rule: string, cycle: readonly string[]): RuleFinding {
  const sentence = `"${rule}" goes round in a circle: ${cycle.join(' → ')}.`;
  return { level: 'error', code: 'cycle', rule, sentence };
}
