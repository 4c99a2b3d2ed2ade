import {
  type RuleCondition,
  type RuleField,
  type RuleOperator,
  ruleFields,
  timeOfDaySchema,
} from '@mosaic/proto';
import { noSuch, type Problems } from './problems.ts';
import { patternProblem } from './text-pattern.ts';

type Value = RuleCondition['value'];

interface Asked {
  readonly path: string;
  readonly field: RuleField;
  readonly op: RuleOperator;
}

const maxListed = 50;
const maxChars = 200;
const readableNames: Partial<Record<RuleField, string>> = { taskType: 'task type' };

/** Reads the value of a condition as its field and operator need it; undefined when it can't be. */
export function readConditionValue(
  value: unknown,
  asked: Asked,
  problems: Problems,
): Value | undefined {
  switch (asked.op) {
    case 'in':
    case 'not-in':
      return readList(value, asked, problems);
    case 'between':
      return readTimes(value, asked, problems);
    case 'at-least':
    case 'at-most':
      return ruleFields[asked.field].kind === 'level'
        ? readWord(value, asked, problems)
        : readNumber(value, asked, problems);
    case 'matches':
      return readPattern(value, asked, problems);
    case 'is':
    case 'is-not':
    case 'contains':
      return readWord(value, asked, problems);
    default:
      return asked.op satisfies never;
  }
}

function readWord(value: unknown, { path, field }: Asked, problems: Problems): string | undefined {
  const { values } = ruleFields[field];
  if (typeof value !== 'string' || value === '' || value.length > maxChars) {
    problems.add(path, `The value is a text of 1 to ${maxChars} letters.`);
    return undefined;
  }
  if (values === undefined || values.includes(value)) return value;
  problems.add(path, noSuch(readableNames[field] ?? field, value, values));
  return undefined;
}

function readList(value: unknown, asked: Asked, problems: Problems): string[] | undefined {
  if (!Array.isArray(value) || value.length === 0 || value.length > maxListed) {
    problems.add(asked.path, `"${asked.op}" takes a list of 1 to ${maxListed} texts.`);
    return undefined;
  }
  const words = value.map((one, index) =>
    readWord(one, { ...asked, path: `${asked.path}.${index}` }, problems),
  );
  return words.filter((word) => word !== undefined);
}

function readNumber(value: unknown, { path, field }: Asked, problems: Problems) {
  if (typeof value === 'number' && Number.isFinite(value) && value >= 0) return value;
  problems.add(path, `"${field}" is compared with a number of 0 or more.`);
  return undefined;
}

function readTimes(value: unknown, { path }: Asked, problems: Problems): string[] | undefined {
  const times = Array.isArray(value) ? value.map((one) => timeOfDaySchema.safeParse(one).data) : [];
  const [from, until] = times;
  if (times.length === 2 && from !== undefined && until !== undefined && from !== until) {
    return [from, until];
  }
  problems.add(path, '"between" takes two different times, such as ["22:00", "06:00"].');
  return undefined;
}

function readPattern(value: unknown, asked: Asked, problems: Problems): string | undefined {
  const pattern = readWord(value, asked, problems);
  const problem = pattern === undefined ? null : patternProblem(pattern);
  if (problem === null) return pattern;
  problems.add(asked.path, `The pattern can't be used: ${problem}.`);
  return undefined;
}
