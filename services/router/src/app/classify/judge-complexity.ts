import type { Complexity, TaskType } from '@mosaic/proto';

const harder: readonly (readonly [RegExp, number, string])[] = [
  [
    /\b(?:architect\w*|distributed|scalab\w+|concurren\w+|thread[- ]?saf\w+|race condition|deadlock|consensus|transaction\w*)\b/i,
    2,
    'hard subject',
  ],
  [
    /\b(?:refactor|migrate|redesign|rewrite|optimi[sz]e|from scratch|end[- ]to[- ]end|production[- ]ready|whole (?:project|codebase|app))\b/i,
    2,
    'large change',
  ],
  [
    /\b(?:debug|root cause|memory leak|why does|stack trace|Traceback|intermittent\w*|flaky)\b/i,
    1.5,
    'search for a fault',
  ],
  [/\b(?:with|including|plus|and) (?:unit |integration )?tests?\b/i, 1, 'asks for tests'],
  [
    /\b(?:prove|derive|formal\w*|rigorous\w*|in[- ]depth|comprehensive|detailed)\b/i,
    1.5,
    'asks for depth',
  ],
  [
    /\b(?:must|should|also|additionally|make sure|requirements?|constraints?)\b/i,
    0.5,
    'conditions',
  ],
  [/^\s*(?:[-*]|\d+[.)])\s/m, 1, 'list of points'],
];
const codeToRead = [/```/, 1, 'code to read'] as const;
const easier: readonly (readonly [RegExp, number, string])[] = [
  [
    /\b(?:simple|quick|basic|small|one[- ]?liner|trivial|tiny|hello world|example of)\b/i,
    2,
    'asks for something simple',
  ],
  [
    /\b(?:how (?:do|can) i|what does|syntax (?:for|of)|convert|rename|print|reverse a string|fizz ?buzz|regex)\b/i,
    1,
    'everyday question',
  ],
];

export interface ComplexityQuestion {
  readonly task: TaskType;
  /** The user's own request, without what was pasted. */
  readonly words: string;
  /** Everything that was sent: more to read is more to do. */
  readonly chars: number;
  /** Learned, 0 to 1: how likely a weak model is to be wrong. */
  readonly weakFails: number;
  readonly hasCode: boolean;
}

/** One clear sign of hard work (a distributed system, a refactoring) is enough for the strongest. */
const complexFrom = 2.4;
const moderateFrom = 0.6;

/** How much work the request is, with the signs that say so. */
export function judgeComplexity(question: ComplexityQuestion): {
  level: Complexity;
  because: string[];
} {
  const { task, words, chars } = question;
  const found = (signs: typeof harder) => signs.filter(([pattern]) => pattern.test(words));
  const up = [...found(harder), ...(question.hasCode ? [codeToRead] : [])];
  const down = found(easier);
  const weigh = (signs: typeof harder) => signs.reduce((sum, [, weight]) => sum + weight, 0);
  const length = Math.min(3, chars / 500);
  const score = weigh(up) - weigh(down) + length + learnedPart(question) + startOf(task);
  if (score >= complexFrom) return { level: 'complex', because: up.map(([, , says]) => says) };
  if (score >= moderateFrom) return { level: 'moderate', because: up.map(([, , says]) => says) };
  return { level: 'simple', because: down.map(([, , says]) => says) };
}

/** What the words alone say of how much work they ask for. */
export function signsOfWork(task: TaskType, words: string): number {
  const weigh = (signs: typeof harder) =>
    signs.reduce((sum, [pattern, weight]) => sum + (pattern.test(words) ? weight : 0), 0);
  return startOf(task) + weigh(harder) - weigh(easier);
}

/** Where a task starts before any sign: talk and questions low, small chores at nothing. */
function startOf(task: TaskType): number {
  if (task === 'simple_qa' || task === 'chat') return -1;
  return task === 'classification' || task === 'extraction' || task === 'translation' ? 0 : 0.5;
}

/** How often a weak model is wrong about ordinary questions; what is above it asks for more. */
const usuallyFails = 0.27;

/**
 * The learned part. Not what a strong model wins: where both fail there is nothing to be won, and
 * the work is no less for it. Learned from questions of knowledge, reasoning and mathematics; no row
 * whose licence permits it tells about other tasks, and what was measured of programming (MBPP) is
 * no better than lots, so those are judged by their signs alone.
 */
function learnedPart({ task, weakFails }: ComplexityQuestion): number {
  if (task !== 'math' && task !== 'reasoning' && task !== 'simple_qa') return 0;
  return Math.max(-0.5, Math.min(1, (weakFails - usuallyFails) * 4));
}
