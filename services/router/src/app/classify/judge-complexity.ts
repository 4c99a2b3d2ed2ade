import type { Attachment, Complexity, TaskType } from '@mosaic/proto';

/** What it looks like, how much it weighs, and how it is named to people. */
type Sign = readonly [RegExp, number, string];

const harder: readonly Sign[] = [
  [
    /\b(?:architect\w*|distributed|scalab\w+|concurren\w+|thread[- ]?saf\w+|lock[- ]?free|race condition|deadlock|consensus|transaction\w*)\b/i,
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
const codeToRead: Sign = [/```/, 1, 'code to read'];
const fewLines: Sign = [/```/, 0.3, 'a few lines of code'];
/** Some six lines. Asked why, these alone were taken for the strongest model's work. */
const fewChars = 200;
const easier: readonly Sign[] = [
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

/** The signs that a request shows. */
export interface SignsOfWork {
  readonly harder: readonly Sign[];
  readonly easier: readonly Sign[];
}

/** What a request alone says of how much work it asks for, without what was pasted. */
export function signsOfWork(instruction: string): SignsOfWork {
  const seen = (signs: readonly Sign[]) => signs.filter(([pattern]) => pattern.test(instruction));
  return { harder: seen(harder), easier: seen(easier) };
}

export const weightOf = (signs: readonly Sign[]) =>
  signs.reduce((sum, [, weight]) => sum + weight, 0);

export interface ComplexityQuestion {
  readonly task: TaskType;
  readonly signs: SignsOfWork;
  /** As `charsToRead` counts them: more to read is more to do. */
  readonly chars: number;
  /** Learned, 0 to 1: how likely a weak model is to be wrong. */
  readonly weakFails: number;
  readonly attachments: readonly Attachment[];
}

/** How much of what lies beside the request has to be read for it. Nobody reads a log line by line. */
const shareToRead: Readonly<Record<Attachment['kind'], number>> = {
  document: 1,
  code: 1,
  quote: 1,
  log: 0.1,
  table: 0.1,
  'tool-result': 0.1,
  tools: 0,
  'agent-prompt': 0,
};

/** Characters of a message that somebody who answers it has to read. */
export function charsToRead(chars: number, attachments: readonly Attachment[]): number {
  return attachments.reduce((left, one) => left - one.chars * (1 - shareToRead[one.kind]), chars);
}

/** One clear sign of hard work (a distributed system, a refactoring) is enough for the strongest. */
const complexFrom = 2.4;
const moderateFrom = 0.6;

/** How much work the request is, with the signs that say so. */
export function judgeComplexity(question: ComplexityQuestion): {
  level: Complexity;
  because: string[];
} {
  const { chars, signs, task } = question;
  const up = [...signs.harder, ...codeSigns(question.attachments)];
  const length = Math.min(3, chars / 500);
  const score =
    weightOf(up) - weightOf(signs.easier) + length + learnedPart(question) + startOf(task);
  if (score >= complexFrom) return { level: 'complex', because: up.map(([, , says]) => says) };
  if (score >= moderateFrom) return { level: 'moderate', because: up.map(([, , says]) => says) };
  return { level: 'simple', because: signs.easier.map(([, , says]) => says) };
}

/** A log counts whole: what it tells of is somewhere else. */
function codeSigns(attachments: readonly Attachment[]): readonly Sign[] {
  const code = attachments.filter(({ kind }) => kind === 'code');
  if (attachments.some(({ kind }) => kind === 'log')) return [codeToRead];
  if (code.length === 0) return [];
  const chars = code.reduce((sum, one) => sum + one.chars, 0);
  return [chars < fewChars ? fewLines : codeToRead];
}

/** Where a task starts before any sign: talk and questions low, small chores at nothing. */
export function startOf(task: TaskType): number {
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
