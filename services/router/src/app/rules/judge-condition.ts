import { type RuleCondition, type RuleTree, ruleFields } from '@mosaic/proto';
import type { FactValue, RuleFacts } from './facts.ts';
import { isFoundIn } from './text-pattern.ts';

/** True, false, or null when it can't be known. */
export type Verdict = boolean | null;

/** Judges conditions and groups as Kleene's logic does; see `RuleTree`. */
export function judge(tree: RuleTree, facts: RuleFacts): Verdict {
  if ('all' in tree) return judgeAll(tree.all, facts);
  if ('any' in tree) return judgeAny(tree.any, facts);
  if ('not' in tree) return opposite(judge(tree.not, facts));
  const actual = facts[tree.field];
  return actual === null ? null : holds(tree, actual);
}

/** False when one is false, else null when one is not known. */
export function judgeAll(trees: readonly RuleTree[], facts: RuleFacts): Verdict {
  let verdict: Verdict = true;
  for (const tree of trees) {
    const one = judge(tree, facts);
    if (one === false) return false;
    if (one === null) verdict = null;
  }
  return verdict;
}

/** True when one is true, else null when one is not known. */
function judgeAny(trees: readonly RuleTree[], facts: RuleFacts): Verdict {
  let verdict: Verdict = false;
  for (const tree of trees) {
    const one = judge(tree, facts);
    if (one === true) return true;
    if (one === null) verdict = null;
  }
  return verdict;
}

function opposite(verdict: Verdict): Verdict {
  return verdict === null ? null : !verdict;
}

function holds(condition: RuleCondition, actual: NonNullable<FactValue>): boolean {
  const { field, op, value } = condition;
  switch (op) {
    case 'is':
      return actual === value;
    case 'is-not':
      return actual !== value;
    case 'in':
      return Array.isArray(value) && value.includes(actual);
    case 'not-in':
      return Array.isArray(value) && !value.includes(actual);
    case 'contains':
      return Array.isArray(actual)
        ? actual.includes(String(value))
        : inSmallLetters(String(actual)).includes(String(value).toLowerCase());
    case 'matches':
      return isFoundIn(condition, String(actual));
    case 'at-least':
      return rank(field, actual) >= rank(field, value);
    case 'at-most':
      return rank(field, actual) <= rank(field, value);
    case 'between':
      return Array.isArray(value) && isWithin(String(actual), value);
    default:
      return op satisfies never;
  }
}

let lastText = '';
let lastInSmallLetters = '';

/** Many conditions look at the one text of a message, which may be long. */
function inSmallLetters(text: string): string {
  if (text !== lastText) {
    lastText = text;
    lastInSmallLetters = text.toLowerCase();
  }
  return lastInSmallLetters;
}

function rank(field: RuleCondition['field'], value: RuleCondition['value'] | FactValue): number {
  const { kind, values = [] } = ruleFields[field];
  return kind === 'level' ? values.indexOf(String(value)) : Number(value);
}

/** Times compare as they are written; from the evening to the morning goes across midnight. */
function isWithin(time: string, [from = '', until = '']: readonly string[]): boolean {
  return from < until ? time >= from && time < until : time >= from || time < until;
}
