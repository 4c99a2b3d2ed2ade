import type { Need, TaskProfile, TaskType } from '@mosaic/proto';
import { judgeComplexity } from './classify/judge-complexity.ts';
import {
  judgeTask,
  type TaskJudgement,
  type TaskModel,
  tellingWords,
} from './classify/task-model.ts';
import { cues } from './cues.ts';
import { detectLanguage } from './detect-language.ts';
import { longContextTokens } from './model-catalogue.ts';

export interface ProfileQuestion {
  readonly text: string;
  readonly contextTokens: number;
  readonly needs: {
    readonly tools: boolean;
    readonly vision: boolean;
    readonly json?: boolean | undefined;
  };
}

/**
 * Says what kind of task the user's own words are: no network, and the same answer for the same
 * words. The cues that speak for the answer are part of it, strongest first.
 */
export function profileTask(
  { text, contextTokens, needs }: ProfileQuestion,
  model: TaskModel,
): TaskProfile {
  const judged = judgeTask(text, model);
  const { instruction: words, attachments } = judged.scoped;
  const { task, p } = likeliest(judged);
  const complexity = judgeComplexity({
    task,
    words,
    chars: text.length,
    difficulty: judged.difficulty,
    hasCode: attachments.some(({ kind }) => kind === 'code' || kind === 'log'),
  });
  const promptTokens = contextTokens + Math.ceil(text.length / 4);
  return {
    task,
    confidence: Math.round(p * 100) / 100,
    complexity: complexity.level,
    domain: domainOf(words),
    language: detectLanguage(words),
    needs: needsOf({ needs, promptTokens, task }),
    cues: [...signsOf(judged, { task, model }), ...complexity.because].slice(0, 8),
    promptTokens,
  };
}

/** Below this nothing in a short text speaks for any task. */
const silence = 0.3;

/** Without any sign the text is taken as conversation: the default tier, not the cheapest. */
function likeliest({ ranked, features }: TaskJudgement): { task: TaskType; p: number } {
  const [best] = ranked;
  if (best === undefined || features.names.size === 0) return { task: 'chat', p: 0.1 };
  const isSilent = best.p < silence && features.names.size <= 5;
  if (!isSilent) return best;
  return ranked.find(({ task }) => task === 'chat') ?? best;
}

/** Cues that people know by name; where none was seen, the words that counted most. */
function signsOf(
  judged: TaskJudgement,
  chosen: { readonly task: TaskType; readonly model: TaskModel },
): string[] {
  const seen = cues
    .filter(({ task, pattern }) => task === chosen.task && pattern.test(judged.scoped.instruction))
    .map(({ says }) => says);
  const attached = judged.scoped.attachments.map(({ kind }) => `with ${kind}`);
  const said = tellingWords(judged.features, chosen).map((word) => `“${word}”`);
  return [...(seen.length > 0 ? seen : said), ...new Set(attached)];
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
    ...(facts.needs.json === true ? (['json'] as const) : []),
    ...(facts.promptTokens > longContextTokens ? (['long-context'] as const) : []),
    ...(facts.task === 'math' || facts.task === 'reasoning' ? (['reasoning'] as const) : []),
  ];
}
