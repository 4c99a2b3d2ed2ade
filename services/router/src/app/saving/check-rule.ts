import { MosaicError, type RoutingRule, type RuleFinding, type Tier } from '@mosaic/proto';
import { namesIn } from '../lint/find-reference-faults.ts';
import { type LintWorld, lintRules } from '../lint/lint-rules.ts';
import type { Problem } from '../rules/problems.ts';
import { readRule } from '../rules/read-rule.ts';

/** Reads a draft. Throws bad_request with every problem of it in the details. */
export function assertReadable(draft: unknown): RoutingRule {
  const { problems, rule } = readRule(draft);
  if (rule === undefined) throw refusal(problems);
  return rule;
}

/** The rule together with `changes` to it. Throws bad_request. */
export function changeRule(rule: RoutingRule, changes: Readonly<Record<string, unknown>>) {
  const { description, enabled, name, priority, scope, then, when } = rule;
  if (changes['scope'] !== undefined && changes['scope'] !== scope) {
    throw refusal([{ path: 'scope', message: 'A rule stays in its scope: make a new one.' }]);
  }
  return assertReadable({ description, enabled, name, priority, scope, then, when, ...changes });
}

/** What the linter says about a rule among the others that are in force with it. */
export function findingsOf(
  rule: RoutingRule,
  others: readonly RoutingRule[],
  world: LintWorld,
): RuleFinding[] {
  const inForce = neighboursOf(rule, withoutNamesake(others, rule));
  return lintRules([...inForce, rule], world).filter((finding) => finding.rule === rule.name);
}

/** Throws bad_request for errors that were not there before: what was wrong already may be mended bit by bit. */
export function refuseErrors(
  findings: readonly RuleFinding[],
  before: readonly RuleFinding[] = [],
): void {
  const known = new Set(before.map(({ sentence }) => sentence));
  const errors = findings.filter(
    ({ level, sentence }) => level === 'error' && !known.has(sentence),
  );
  if (errors.length === 0) return;
  throw refusal(errors.map(({ code, sentence }) => ({ path: code, message: sentence })));
}

/** A rule of the system only stands among its like: not everybody has the writer's own rules. */
function neighboursOf<Rule extends RoutingRule>(
  rule: Pick<RoutingRule, 'scope'>,
  inForce: readonly Rule[],
): readonly Rule[] {
  return rule.scope === 'user' ? inForce : inForce.filter(({ scope }) => scope === 'system');
}

function withoutNamesake<Rule extends RoutingRule>(
  rules: readonly Rule[],
  { name, scope }: Pick<RoutingRule, 'name' | 'scope'>,
): readonly Rule[] {
  return rules.filter((one) => one.name !== name || one.scope !== scope);
}

/** The rules and tiers, by name, that send messages to a tier. */
export function whoNamesTier(
  name: string,
  { rules, tiers }: { readonly rules: readonly RoutingRule[]; readonly tiers: readonly Tier[] },
): readonly string[] {
  const reference = `tier/${name}`;
  return [
    ...rules.filter((rule) => namesIn(rule).includes(reference)).map((rule) => rule.name),
    ...tiers.filter(({ models }) => models.includes(reference)).map((tier) => `tier/${tier.name}`),
  ];
}

function refusal(problems: readonly Problem[]): MosaicError {
  const [first] = problems;
  const where = first === undefined || first.path === '' ? '' : `${first.path}: `;
  const more = problems.length > 1 ? ` (and ${problems.length - 1} more)` : '';
  return new MosaicError('bad_request', `${where}${first?.message ?? ''}${more}`, {
    details: problems,
  });
}
