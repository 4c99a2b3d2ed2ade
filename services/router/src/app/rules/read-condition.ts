import {
  maxRuleConditions,
  maxRuleDepth,
  maxRulePatterns,
  operatorsOf,
  type RuleCondition,
  type RuleField,
  type RuleOperator,
  type RuleTree,
  ruleFieldSchema,
  ruleFields,
  ruleOperatorSchema,
} from '@mosaic/proto';
import { below, fieldsOf, noSuch, type Problems, unknownName } from './problems.ts';
import { readConditionValue } from './read-condition-value.ts';

const groups = ['all', 'any', 'not'] as const;

/** What people write who know other languages. */
const otherSpellings: Readonly<Record<string, RuleOperator>> = {
  '=': 'is',
  '==': 'is',
  eq: 'is',
  equals: 'is',
  '!=': 'is-not',
  ne: 'is-not',
  not: 'is-not',
  one_of: 'in',
  '>=': 'at-least',
  gte: 'at-least',
  min: 'at-least',
  '<=': 'at-most',
  lte: 'at-most',
  max: 'at-most',
  includes: 'contains',
  has: 'contains',
  regex: 'matches',
  '~': 'matches',
};

/** Reads the conditions of a rule: a list, of which all must hold, or one condition or group. */
export function readConditions(value: unknown, problems: Problems): readonly RuleTree[] {
  const tooMany = surveyOf(value);
  if (tooMany !== undefined) {
    problems.add('when', tooMany);
    return [];
  }
  const list = Array.isArray(value) ? value : [value];
  const isList = Array.isArray(value);
  return list.flatMap((one, index) =>
    readTree(one, { path: isList ? `when.${index}` : 'when', depth: 1 }, problems),
  );
}

/** Why there is too much to read, found out before anything of it is read or compiled. */
function surveyOf(value: unknown): string | undefined {
  const open: unknown[] = [value];
  let conditions = 0;
  let patterns = 0;
  while (open.length > 0) {
    const node = open.pop();
    if (Array.isArray(node)) open.push(...node.slice(0, maxRuleConditions + 1));
    if (typeof node !== 'object' || node === null || Array.isArray(node)) continue;
    const { all, any, not, op }: Partial<Record<string, unknown>> = { ...node };
    const within = [all, any, not].filter((one) => one !== undefined);
    open.push(...within);
    if (within.length === 0) conditions += 1;
    if (op === 'matches') patterns += 1;
    if (conditions > maxRuleConditions)
      return `A rule has at most ${maxRuleConditions} conditions.`;
    if (patterns > maxRulePatterns) return `A rule has at most ${maxRulePatterns} patterns.`;
  }
  return undefined;
}

interface Place {
  readonly path: string;
  readonly depth: number;
}

/** The tree as a list of one, or nothing when it can't be read. */
function readTree(value: unknown, place: Place, problems: Problems): RuleTree[] {
  const names = [...groups, 'field', 'op', 'value'];
  const what = 'a condition';
  const fields = fieldsOf(value, { path: place.path, what, names: names.toReversed() }, problems);
  if (fields === undefined) return [];
  const named = groups.filter((group) => group in fields);
  const [group] = named;
  if (group === undefined) return readLeaf(fields, place.path, problems);
  if (named.length > 1 || ['field', 'op', 'value'].some((name) => name in fields)) {
    problems.add(place.path, 'A group has exactly one of all, any and not, and nothing beside it.');
    return [];
  }
  if (place.depth > maxRuleDepth) {
    problems.add(place.path, `Groups nest at most ${maxRuleDepth} deep.`);
    return [];
  }
  return readGroup(group, fields[group], place, problems);
}

// biome-ignore lint/complexity/useMaxParams: what is read, where, and where to tell of it.
function readGroup(
  group: (typeof groups)[number],
  value: unknown,
  place: Place,
  problems: Problems,
): RuleTree[] {
  const path = below(place.path, group);
  const depth = place.depth + 1;
  if (group === 'not') return readTree(value, { path, depth }, problems).map((not) => ({ not }));
  if (!Array.isArray(value) || value.length === 0) {
    problems.add(path, `"${group}" takes a list of at least one condition.`);
    return [];
  }
  const trees = value.flatMap((one, index) =>
    readTree(one, { path: below(path, index), depth }, problems),
  );
  return [group === 'all' ? { all: trees } : { any: trees }];
}

function readLeaf(
  fields: Readonly<Record<string, unknown>>,
  path: string,
  problems: Problems,
): RuleCondition[] {
  const field = readField(fields['field'], below(path, 'field'), problems);
  if (field === undefined) return [];
  const op = readOperator(fields['op'], { path: below(path, 'op'), field }, problems);
  if (op === undefined) return [];
  const at = { path: below(path, 'value'), field, op };
  const value = readConditionValue(fields['value'], at, problems);
  return value === undefined ? [] : [{ field, op, value }];
}

function readField(value: unknown, path: string, problems: Problems): RuleField | undefined {
  const parsed = ruleFieldSchema.safeParse(value);
  if (parsed.success) return parsed.data;
  problems.add(path, noSuch('field', value ?? '', ruleFieldSchema.options));
  return undefined;
}

function readOperator(
  value: unknown,
  { path, field }: { readonly path: string; readonly field: RuleField },
  problems: Problems,
): RuleOperator | undefined {
  const fitting = operatorsOf[ruleFields[field].kind];
  const parsed = ruleOperatorSchema.safeParse(value);
  if (parsed.success && fitting.includes(parsed.data)) return parsed.data;
  if (parsed.success) {
    problems.add(
      path,
      `"${field}" can't be asked with "${parsed.data}", only: ${fitting.join(', ')}.`,
    );
    return undefined;
  }
  const other = typeof value === 'string' ? otherSpellings[value.toLowerCase()] : undefined;
  const what = `operator for ${field}`;
  const isOther = other !== undefined && fitting.includes(other);
  problems.add(
    path,
    isOther
      ? unknownName(what, value, { near: other, names: fitting })
      : noSuch(what, value ?? '', fitting),
  );
  return undefined;
}
