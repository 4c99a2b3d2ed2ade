import { RE2JS } from 're2js';

/** Instructions of one compiled pattern. */
const maxPatternSize = 150;
/** A longer value can't be judged: what can't be looked at is not let through. */
const maxValueChars = 8_000;
/**
 * Instructions of all patterns that one call is held against. RE2 needs at most instructions × letters
 * steps, about 125 ns each: nobody's list holds up the other turns of a worker for more than half a
 * second.
 */
export const maxSizeOfAll = 500;

const compiled = new Map<string, RE2JS | null>();
const maxKept = 1_000;

/** Why a pattern can't be used, or null when it can. */
export function argumentPatternProblem(pattern: string): string | null {
  try {
    const size = RE2JS.compile(pattern, RE2JS.DOTALL).programSize();
    if (size <= maxPatternSize) return null;
    return `the pattern is too large (${size} steps, at most ${maxPatternSize}): repeat less`;
  } catch (thrown) {
    const why = thrown instanceof Error ? thrown.message : String(thrown);
    return `${why} (RE2 patterns have no lookaround and no backreferences)`;
  }
}

/** What is left to spend on one call. */
export interface PatternBudget {
  size: number;
}

/** Whether the whole value is of the pattern; undefined when nobody can say. Spends of the budget. */
export function fitsPattern(
  pattern: string,
  value: unknown,
  budget: PatternBudget,
): boolean | undefined {
  const text = typeof value === 'string' ? value : JSON.stringify(value);
  const compiledPattern = compile(pattern);
  if (compiledPattern === null || text === undefined || text.length > maxValueChars) {
    return undefined;
  }
  budget.size -= compiledPattern.programSize();
  return budget.size < 0 ? undefined : compiledPattern.matches(text);
}

function compile(pattern: string): RE2JS | null {
  const known = compiled.get(pattern);
  if (known !== undefined) return known;
  if (compiled.size >= maxKept) compiled.clear();
  const isUsable = argumentPatternProblem(pattern) === null;
  const made = isUsable ? RE2JS.compile(pattern, RE2JS.DOTALL) : null;
  compiled.set(pattern, made);
  return made;
}
