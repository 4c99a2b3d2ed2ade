import { type RuleCondition, ruleFields } from '@mosaic/proto';

/**
 * The values of one field for which conditions hold. `words` are those in the set, or with
 * `isInverse` all others; `texts` are conditions that are told apart by what they say only.
 */
export type Domain =
  | { readonly kind: 'words'; readonly words: ReadonlySet<string>; readonly isInverse: boolean }
  | { readonly kind: 'numbers'; readonly min: number; readonly max: number }
  | { readonly kind: 'set'; readonly has: ReadonlySet<string>; readonly lacks: ReadonlySet<string> }
  | { readonly kind: 'minutes'; readonly minutes: bigint }
  | {
      readonly kind: 'texts';
      readonly has: readonly RuleCondition[];
      readonly lacks: readonly RuleCondition[];
    };

const minutesOfDay = 1_440n;
const allMinutes = (1n << minutesOfDay) - 1n;
const noWords: ReadonlySet<string> = new Set();

/** The values for which a condition is true, or (negated) false. */
export function domainOf(condition: RuleCondition, isNegated: boolean): Domain {
  const { field, op, value } = condition;
  const { kind, values = [] } = ruleFields[field];
  switch (kind) {
    case 'choice':
    case 'level':
    case 'name':
      return wordsFor(condition, isNegated, values);
    case 'set':
      return isNegated
        ? { kind: 'set', has: noWords, lacks: new Set([String(value)]) }
        : { kind: 'set', has: new Set([String(value)]), lacks: noWords };
    case 'number':
      return numbersFor(Number(value), (op === 'at-least') !== isNegated, isNegated);
    case 'text':
      return isNegated
        ? { kind: 'texts', has: [], lacks: [condition] }
        : { kind: 'texts', has: [condition], lacks: [] };
    case 'time': {
      const minutes = minutesBetween(Array.isArray(value) ? value : []);
      return { kind: 'minutes', minutes: isNegated ? allMinutes & ~minutes : minutes };
    }
    default:
      return kind satisfies never;
  }
}

/** A closed list is always written as the words that are left of it. */
function wordsFor(
  { op, value }: RuleCondition,
  isNegated: boolean,
  values: readonly string[],
): Domain {
  const named = Array.isArray(value) ? value.map(String) : [String(value)];
  if (op === 'at-least' || op === 'at-most') {
    const rank = values.indexOf(String(value));
    const isIn = (index: number) => (op === 'at-least' ? index >= rank : index <= rank);
    const words = values.filter((_, index) => isIn(index) !== isNegated);
    return { kind: 'words', words: new Set(words), isInverse: false };
  }
  const isInverse = (op === 'is-not' || op === 'not-in') !== isNegated;
  if (values.length === 0) return { kind: 'words', words: new Set(named), isInverse };
  const words = values.filter((word) => named.includes(word) !== isInverse);
  return { kind: 'words', words: new Set(words), isInverse: false };
}

function numbersFor(limit: number, isUp: boolean, isOpen: boolean): Domain {
  const step = isOpen ? Math.max(Number.MIN_VALUE, Math.abs(limit) * Number.EPSILON) : 0;
  return isUp
    ? { kind: 'numbers', min: limit + step, max: Number.POSITIVE_INFINITY }
    : { kind: 'numbers', min: 0, max: limit - step };
}

function minutesBetween([from = '00:00', until = '00:00']: readonly string[]): bigint {
  const minuteOf = (time: string) => BigInt(Number(time.slice(0, 2)) * 60 + Number(time.slice(3)));
  const upTo = (minute: bigint) => (1n << minute) - 1n;
  const [first, last] = [minuteOf(from), minuteOf(until)];
  return first < last ? upTo(last) & ~upTo(first) : (allMinutes & ~upTo(first)) | upTo(last);
}

export function isEmpty(domain: Domain): boolean {
  if (domain.kind === 'words') return !domain.isInverse && domain.words.size === 0;
  return domain.kind === 'numbers' && domain.min > domain.max;
}

/** The values that are in both; undefined when there are none. */
export function meet(left: Domain, right: Domain): Domain | undefined {
  if (left.kind === 'words' && right.kind === 'words') return meetWords(left, right);
  if (left.kind === 'numbers' && right.kind === 'numbers') {
    const [min, max] = [Math.max(left.min, right.min), Math.min(left.max, right.max)];
    return min <= max ? { kind: 'numbers', min, max } : undefined;
  }
  if (left.kind === 'set' && right.kind === 'set') {
    const [has, lacks] = [left.has.union(right.has), left.lacks.union(right.lacks)];
    return has.isDisjointFrom(lacks) ? { kind: 'set', has, lacks } : undefined;
  }
  if (left.kind === 'minutes' && right.kind === 'minutes') {
    const minutes = left.minutes & right.minutes;
    return minutes === 0n ? undefined : { kind: 'minutes', minutes };
  }
  if (left.kind === 'texts' && right.kind === 'texts') {
    const [has, lacks] = [
      [...left.has, ...right.has],
      [...left.lacks, ...right.lacks],
    ];
    const isImpossible = lacks.some((one) => has.some((other) => follows(one, other)));
    return isImpossible ? undefined : { kind: 'texts', has, lacks };
  }
  return undefined;
}

type Words = Extract<Domain, { kind: 'words' }>;

function meetWords(left: Words, right: Words): Domain | undefined {
  if (left.isInverse && right.isInverse) {
    return { kind: 'words', words: left.words.union(right.words), isInverse: true };
  }
  const [open, closed] = left.isInverse ? [left, right] : [right, left];
  const words = open.isInverse
    ? closed.words.difference(open.words)
    : closed.words.intersection(open.words);
  return words.size === 0 ? undefined : { kind: 'words', words, isInverse: false };
}

/** True when every value of `narrow` is one of `wide`. */
export function isWithin(narrow: Domain, wide: Domain): boolean {
  if (narrow.kind === 'words' && wide.kind === 'words') return isWithinWords(narrow, wide);
  if (narrow.kind === 'numbers' && wide.kind === 'numbers') {
    return narrow.min >= wide.min && narrow.max <= wide.max;
  }
  if (narrow.kind === 'set' && wide.kind === 'set') {
    return wide.has.isSubsetOf(narrow.has) && wide.lacks.isSubsetOf(narrow.lacks);
  }
  if (narrow.kind === 'minutes' && wide.kind === 'minutes') {
    return (narrow.minutes & ~wide.minutes) === 0n;
  }
  if (narrow.kind === 'texts' && wide.kind === 'texts') {
    return (
      wide.has.every((one) => narrow.has.some((other) => follows(one, other))) &&
      wide.lacks.every((one) => narrow.lacks.some((other) => follows(other, one)))
    );
  }
  return false;
}

function isWithinWords(narrow: Words, wide: Words): boolean {
  if (!narrow.isInverse) {
    return wide.isInverse
      ? narrow.words.isDisjointFrom(wide.words)
      : narrow.words.isSubsetOf(wide.words);
  }
  return wide.isInverse && wide.words.isSubsetOf(narrow.words);
}

/** True when a text for which `given` holds is one for which `wanted` holds. */
function follows(wanted: RuleCondition, given: RuleCondition): boolean {
  if (wanted.op !== given.op) return false;
  if (wanted.value === given.value) return true;
  const isPart = String(given.value).toLowerCase().includes(String(wanted.value).toLowerCase());
  return wanted.op === 'contains' && isPart;
}
