import type { Complexity, Need, TaskProfile, TaskType } from '@mosaic/proto';
import { type Cue, cues } from './cues.ts';
import { detectLanguage } from './detect-language.ts';

/** Words beyond this are not looked at: the request stands at the beginning or at the end. */
const windowChars = 6_000;

/** Prompts above this need a model with a long context. */
const longContextTokens = 150_000;

export interface ProfileQuestion {
  readonly text: string;
  readonly contextTokens: number;
  readonly needs: { readonly tools: boolean; readonly vision: boolean };
}

/**
 * Says what kind of task the user's own words are, from visible cues: no network, no model. The cues
 * that decided are part of the answer, strongest first.
 */
export function profileTask({ text, contextTokens, needs }: ProfileQuestion): TaskProfile {
  const words = ownWords(text);
  const seen = cues.filter((cue) => cue.pattern.test(words));
  const { task, confidence } = strongestTask(seen);
  const complexity = complexityOf(task, words, text.length);
  const promptTokens = contextTokens + Math.ceil(text.length / 4);
  const deciding = seen.filter((cue) => cue.task === task);
  return {
    task,
    confidence: Math.round(confidence * 100) / 100,
    complexity: complexity.level,
    domain: domainOf(words),
    language: detectLanguage(words),
    needs: needsOf({ needs, promptTokens, task }),
    cues: [...deciding.map((cue) => cue.says), ...complexity.because].slice(0, 8),
    promptTokens,
  };
}

/** The beginning and the end of a long text, with quoted code kept out of word counting. */
function ownWords(text: string): string {
  if (text.length <= windowChars) return text.trim();
  return `${text.slice(0, windowChars / 2)}\n${text.slice(-windowChars / 2)}`.trim();
}

/** Without any sign the text is taken as conversation: the default tier, not the cheapest. */
function strongestTask(seen: readonly Cue[]): { task: TaskType; confidence: number } {
  const scores = new Map<TaskType, number>([['chat', 0.5]]);
  for (const cue of seen) scores.set(cue.task, (scores.get(cue.task) ?? 0) + cue.weight);
  const ranked = [...scores].sort(([, left], [, right]) => right - left);
  const [task, best] = ranked[0] ?? (['chat', 0] as const);
  const silent = 14 - ranked.length;
  const total = ranked.reduce((sum, [, score]) => sum + Math.exp(score), silent);
  return { task, confidence: Math.exp(best) / total };
}

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
  [/```|\bat \S+ \([^)\n]{1,200}:\d+\)/, 1, 'code to read'],
];
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

function complexityOf(
  task: TaskType,
  words: string,
  chars: number,
): { level: Complexity; because: string[] } {
  const found = (signs: typeof harder) => signs.filter(([pattern]) => pattern.test(words));
  const up = found(harder);
  const down = found(easier);
  const weigh = (signs: typeof harder) => signs.reduce((sum, [, weight]) => sum + weight, 0);
  const length = Math.min(3, chars / 500);
  const score =
    weigh(up) - weigh(down) + length + (task === 'simple_qa' || task === 'chat' ? -1 : 0.5);
  if (score >= 3) return { level: 'complex', because: up.map(([, , says]) => says) };
  if (score >= 0.6) return { level: 'moderate', because: up.map(([, , says]) => says) };
  return { level: 'simple', because: down.map(([, , says]) => says) };
}

const domains: readonly (readonly [TaskProfile['domain'], RegExp])[] = [
  ['frontend', /\b(?:react|vue|svelte|css|html|tailwind|browser|frontend|component|dom)\b/i],
  ['devops', /\b(?:docker\w*|kubernetes|terraform|ci\/cd|nginx|deploy\w*|helm|ansible|systemd)\b/i],
  ['data', /\b(?:sql|pandas|dataframe|dataset|etl|spark|csv|warehouse)\b/i],
  ['backend', /\b(?:api|endpoint|server|database|backend|express|django|queue|microservice)\b/i],
  ['docs', /\b(?:readme|documentation|docstring|changelog|tutorial)\b/i],
];

function domainOf(words: string): TaskProfile['domain'] {
  return domains.find(([, pattern]) => pattern.test(words))?.[0] ?? 'general';
}

function needsOf(facts: {
  readonly needs: ProfileQuestion['needs'];
  readonly promptTokens: number;
  readonly task: TaskType;
}): Need[] {
  return [
    ...(facts.needs.tools ? (['tools'] as const) : []),
    ...(facts.needs.vision ? (['vision'] as const) : []),
    ...(facts.promptTokens > longContextTokens ? (['long-context'] as const) : []),
    ...(facts.task === 'math' || facts.task === 'reasoning' ? (['reasoning'] as const) : []),
  ];
}
