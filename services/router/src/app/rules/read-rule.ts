import { type RoutingRule, routingRuleSchema, ruleNameSchema } from '@mosaic/proto';
import { below, collectProblems, fieldsOf, type Problem, type Problems } from './problems.ts';
import { readConditions } from './read-condition.ts';

export type ReadRule =
  | { readonly rule: RoutingRule; readonly problems: readonly [] }
  | { readonly rule: undefined; readonly problems: readonly Problem[] };

const ruleShape = routingRuleSchema.shape;
const thenShape = ruleShape.then.shape;
const paramsShape = thenShape.params.unwrap().shape;

/** Of a rule that does not say: before the rules that come with Mosaic, which begin at 100. */
const usualPriority = 100;

/**
 * Reads a rule as a person wrote it. Nothing unknown is let through, and all problems come at once,
 * each with its place and, for a slip of the hand, what was probably meant.
 */
export function readRule(draft: unknown): ReadRule {
  const problems = collectProblems();
  const names = Object.keys(ruleShape);
  refuseUnstorable(draft, problems);
  const fields = fieldsOf(draft, { path: '', what: 'a rule', names }, problems);
  if (fields === undefined) return { rule: undefined, problems: problems.found };
  const { scope = 'user', priority = usualPriority, enabled = true, description = '' } = fields;
  const read = check(
    routingRuleSchema.omit({ when: true, then: true }),
    { name: fields['name'], description, scope, priority, enabled },
    { path: '', problems },
  );
  const when = readConditions(fields['when'] ?? [], problems);
  const then = readTarget(fields['then'], problems);
  if (problems.found.length > 0 || read === undefined || then === undefined) {
    return { rule: undefined, problems: problems.found };
  }
  return { rule: { ...read, when: [...when], then }, problems: [] };
}

const targets = ['model', 'tier', 'agent', 'agentFor', 'only'] as const;

function readTarget(value: unknown, problems: Problems): RoutingRule['then'] | undefined {
  const names = Object.keys(thenShape);
  const fields = fieldsOf(value, { path: 'then', what: '"then"', names }, problems);
  if (fields === undefined) return undefined;
  const named = targets.filter((target) => fields[target] !== undefined);
  if (named.length !== 1) {
    const have = named.length === 0 ? 'none' : named.join(' and ');
    problems.add(
      'then',
      `A rule has exactly one of model, tier, agent, agentFor and only; this one has ${have}.`,
    );
  }
  if (fields['only'] !== undefined) {
    for (const name of ['params', 'fallbacks']) {
      if (fields[name] === undefined || isEmptyList(fields[name])) continue;
      problems.add(below('then', name), `A rule with "only" chooses no model, so no ${name}.`);
    }
  }
  if (fields['params'] !== undefined) {
    const what = '"params"';
    const params = { path: 'then.params', what, names: Object.keys(paramsShape) };
    if (fieldsOf(fields['params'], params, problems) === undefined) return undefined;
  }
  if (fields['tier'] !== undefined && !ruleNameSchema.safeParse(fields['tier']).success) {
    problems.add('then.tier', 'The name of a tier has small letters, digits and "-" only.');
  }
  return check(ruleShape.then, fields, { path: 'then', problems });
}

/** As a rule that is read back from the database has it. */
function isEmptyList(value: unknown): boolean {
  return Array.isArray(value) && value.length === 0;
}

interface Parser<Value> {
  safeParse(value: unknown): {
    readonly data?: Value;
    readonly error?: {
      readonly issues: readonly {
        readonly code: string;
        readonly path: readonly PropertyKey[];
        readonly message: string;
      }[];
    };
  };
}

/** What a schema says about a value; unknown fields were told already, with the nearest name. */
function check<Value>(
  schema: Parser<Value>,
  value: unknown,
  { path, problems }: { readonly path: string; readonly problems: Problems },
): Value | undefined {
  const { data, error } = schema.safeParse(value);
  for (const issue of error?.issues ?? []) {
    if (issue.code === 'unrecognized_keys') continue;
    const place = issue.path.map(String).reduce(below, path);
    if (problems.found.some((one) => one.path === place)) continue;
    problems.add(place, place === 'name' ? nameRule : `${issue.message}.`);
  }
  return data;
}

/** PostgreSQL keeps neither the zero character nor half a letter. */
function refuseUnstorable(draft: unknown, problems: Problems): void {
  JSON.stringify(draft, (key, value: unknown) => {
    const isText = typeof value === 'string';
    if (isText && (value.includes('\0') || !value.isWellFormed())) {
      problems.add(key, 'The text has a letter that can not be kept.');
    }
    return value;
  });
}

const nameRule = 'The name of a rule has small letters, digits and "-", at most 64.';
