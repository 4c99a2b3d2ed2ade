import type { RuleCondition } from '@mosaic/proto';
import { RE2JS } from 're2js';

const maxPatternChars = 200;
/**
 * Instructions of one compiled pattern. RE2 needs at most instructions × letters steps, about 125 ns
 * each were seen at worst: with these limits no pattern holds a decision up for more than 150 ms.
 */
const maxPatternSize = 150;
const endChars = 4_000;

const compiled = new WeakMap<RuleCondition, RE2JS>();

/** Why a pattern can't be used, or null when it can. */
export function patternProblem(pattern: string): string | null {
  if (pattern.length > maxPatternChars) {
    return `a pattern has at most ${maxPatternChars} letters, this one has ${pattern.length}`;
  }
  try {
    const size = RE2JS.compile(pattern).programSize();
    if (size <= maxPatternSize) return null;
    return `this pattern is too large (${size} steps, at most ${maxPatternSize}): repeat less`;
  } catch (thrown) {
    const why = thrown instanceof Error ? thrown.message : String(thrown);
    return `${why.replace(/^error parsing regexp: /, '')} (RE2 patterns have no lookaround and no backreferences)`;
  }
}

/** Steps per letter that a pattern may take; 0 for one that can't be read. */
export function patternSize(pattern: string): number {
  return patternProblem(pattern) === null ? RE2JS.compile(pattern).programSize() : 0;
}

/** Whether the pattern of a condition is found in a text; of a long text both ends are looked at. */
export function isFoundIn(condition: RuleCondition, text: string): boolean {
  let pattern = compiled.get(condition);
  if (pattern === undefined) {
    pattern = RE2JS.compile(String(condition.value));
    compiled.set(condition, pattern);
  }
  return pattern.test(bothEnds(text));
}

function bothEnds(text: string): string {
  if (text.length <= 2 * endChars) return text;
  return `${text.slice(0, endChars)}\n${text.slice(-endChars)}`;
}
